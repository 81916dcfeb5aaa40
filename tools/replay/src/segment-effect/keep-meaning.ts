import type { RowMatrix } from '@vitrine/segment';
import { projectRows, type PrincipalAxes } from './principal-axes';

/** Least overlap (shared people over people of either) that makes a new group the successor of an old one. */
const SAME_PEOPLE = 0.25;

/**
 * Numbers for new groups: a group that is mostly the people of an old segment keeps its number, so that what a policy learned of the number
 * goes on being true; others get numbers that were never used. Pairs are matched greedily by overlap, the largest first.
 *
 * @param labels new group of each row, in 0 .. groups - 1
 * @param before old segment of each row
 * @param used segment numbers that were ever given: 0 .. used - 1
 * @returns the segment number of each new group
 */
export function keepNumbers(
  { labels, groups }: { readonly labels: Int32Array; readonly groups: number },
  { before, used }: { readonly before: Int32Array; readonly used: number },
): Int32Array {
  const pairs = used === 0 ? [] : overlaps({ labels, groups }, { before, used });
  const heirs = matchGreedily(pairs.filter(({ likeness }) => likeness >= SAME_PEOPLE));
  let next = used;
  return Int32Array.from({ length: groups }, (_, group) => heirs.get(group) ?? next++);
}

/**
 * Turns new axes so that each lies where the old one lies that it is most like over the same rows: principal components have no order and no
 * sign of their own. Distances between rows do not change.
 *
 * @param before old coordinates of the rows, shape [rows][axes]
 */
export function alignAxes(found: PrincipalAxes, rows: RowMatrix, before: RowMatrix): PrincipalAxes {
  const own = projectRows(rows, found);
  const pairs: Pair[] = [];
  const signs = new Map<string, number>();
  for (let fresh = 0; fresh < own.columns; fresh++) {
    for (let old = 0; old < before.columns; old++) {
      const r = correlation({ matrix: own, column: fresh }, { matrix: before, column: old });
      pairs.push({ fresh, old, likeness: Math.abs(r) });
      signs.set(`${fresh}/${old}`, r < 0 ? -1 : 1);
    }
  }
  const heirs = matchGreedily(pairs);
  const places = Array.from({ length: own.columns }, (_, fresh) => ({ fresh, place: heirs.get(fresh) ?? before.columns + fresh }));
  places.sort((a, b) => a.place - b.place);
  const { columns } = found.axes;
  const values = new Float64Array(own.columns * columns);
  places.forEach(({ fresh, place }, to) => {
    const sign = signs.get(`${fresh}/${place}`) ?? 1;
    for (let c = 0; c < columns; c++) values[to * columns + c] = sign * (found.axes.values[fresh * columns + c] ?? 0);
  });
  return {
    mean: found.mean,
    axes: { rows: own.columns, columns, values },
    variances: Float64Array.from(places, ({ fresh }) => found.variances[fresh] ?? 0),
  };
}

interface Pair {
  readonly fresh: number;
  readonly old: number;
  readonly likeness: number;
}

/** Which old one each new one succeeds: the likest pair first, each once. */
function matchGreedily(pairs: readonly Pair[]): ReadonlyMap<number, number> {
  const heirs = new Map<number, number>();
  const given = new Set<number>();
  for (const { fresh, old } of pairs.toSorted((a, b) => b.likeness - a.likeness || a.fresh - b.fresh || a.old - b.old)) {
    if (heirs.has(fresh) || given.has(old)) continue;
    heirs.set(fresh, old);
    given.add(old);
  }
  return heirs;
}

function overlaps(
  { labels, groups }: { readonly labels: Int32Array; readonly groups: number },
  { before, used }: { readonly before: Int32Array; readonly used: number },
): readonly Pair[] {
  const both = new Int32Array(groups * used);
  const fresh = new Int32Array(groups);
  const old = new Int32Array(used);
  labels.forEach((group, row) => {
    const number = before[row] ?? 0;
    both[group * used + number] = (both[group * used + number] ?? 0) + 1;
    fresh[group] = (fresh[group] ?? 0) + 1;
    old[number] = (old[number] ?? 0) + 1;
  });
  return Array.from(both, (shared, at) => {
    const pair = { fresh: Math.floor(at / used), old: at % used };
    const either = (fresh[pair.fresh] ?? 0) + (old[pair.old] ?? 0) - shared;
    return { ...pair, likeness: either === 0 ? 0 : shared / either };
  });
}

interface Column {
  readonly matrix: RowMatrix;
  readonly column: number;
}

/** Pearson's, 0 where a column does not vary. */
function correlation(a: Column, b: Column): number {
  const { rows } = a.matrix;
  const at = ({ matrix, column }: Column, row: number): number => matrix.values[row * matrix.columns + column] ?? 0;
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const x = at(a, row);
    const y = at(b, row);
    sumA += x;
    sumB += y;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  const spread = (squaresA - (sumA * sumA) / rows) * (squaresB - (sumB * sumB) / rows);
  return spread > 0 ? (products - (sumA * sumB) / rows) / Math.sqrt(spread) : 0;
}
