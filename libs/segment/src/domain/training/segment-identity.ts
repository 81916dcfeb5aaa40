/** Least overlap (Jaccard) with a live segment that makes a new one its successor. */
const SAME_PEOPLE = 0.25;

/** How the live model groups the same rows. */
export interface LiveGrouping {
  /** Id of each row's segment. */
  readonly segmentIds: readonly string[];
}

export interface SegmentIds {
  /** Per new group. */
  readonly ids: readonly string[];
  readonly nextSegment: number;
}

/**
 * Ids for new groups: a group that is mostly the people of a live segment keeps that segment's id, so that what policies, reports and
 * audience rules know of it goes on being true; others get numbers that were never used. Pairs are matched greedily by overlap, the
 * largest first.
 *
 * @param labels group of each row
 * @param nextSegment first number that no segment of any version has
 */
export function inheritIds(labels: Int32Array, groups: number, live: LiveGrouping | null, nextSegment: number): SegmentIds {
  const taken = live === null ? new Map<number, string>() : successors(labels, live.segmentIds);
  let next = nextSegment;
  const ids = Array.from({ length: groups }, (_, group) => taken.get(group) ?? `seg-${next++}`);
  return { ids, nextSegment: next };
}

function successors(labels: Int32Array, segmentIds: readonly string[]): ReadonlyMap<number, string> {
  const both = new Map<string, { readonly group: number; readonly id: string; rows: number }>();
  const groupRows = new Map<number, number>();
  const idRows = new Map<string, number>();
  labels.forEach((group, row) => {
    const id = segmentIds[row] ?? '';
    const pair = both.get(`${group}/${id}`) ?? { group, id, rows: 0 };
    pair.rows++;
    both.set(`${group}/${id}`, pair);
    groupRows.set(group, (groupRows.get(group) ?? 0) + 1);
    idRows.set(id, (idRows.get(id) ?? 0) + 1);
  });
  const overlaps = [...both.values()].map(({ group, id, rows }) => {
    const union = (groupRows.get(group) ?? 0) + (idRows.get(id) ?? 0) - rows;
    return { group, id, overlap: rows / union };
  });
  overlaps.sort((a, b) => b.overlap - a.overlap || a.group - b.group || (a.id < b.id ? -1 : 1));
  const byGroup = new Map<number, string>();
  const given = new Set<string>();
  for (const { group, id, overlap } of overlaps) {
    if (overlap < SAME_PEOPLE || byGroup.has(group) || given.has(id)) continue;
    byGroup.set(group, id);
    given.add(id);
  }
  return byGroup;
}
