/** One entry of a table that is kept as a list: sorted by key, each key once. */
export interface Keyed {
  readonly key: string;
}

const byKey = (a: Keyed, b: Keyed): number => (a.key < b.key ? -1 : 1);

/** By bisection: decisions ask for every campaign that could be shown. */
export function findKeyed<T extends Keyed>(table: readonly T[], key: string): T | null {
  const held = table[placeOf(table, key)];
  return held?.key === key ? held : null;
}

/** The table with one entry put or replaced. */
export function putKeyed<T extends Keyed>(table: readonly T[], entry: T): readonly T[] {
  const at = placeOf(table, entry.key);
  return table.toSpliced(at, table[at]?.key === entry.key ? 1 : 0, entry);
}

/** How many entries come before the key. */
function placeOf(table: readonly Keyed[], key: string): number {
  let [low, high] = [0, table.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((table[middle]?.key ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All entries of both; those of one key as `merge` says. */
export function joinKeyed<T extends Keyed>(a: readonly T[], b: readonly T[], merge: (a: T, b: T) => T): readonly T[] {
  const joined = new Map(a.map((entry) => [entry.key, entry]));
  for (const entry of b) {
    const held = joined.get(entry.key);
    joined.set(entry.key, held === undefined ? entry : merge(held, entry));
  }
  return [...joined.values()].sort(byKey);
}

/** At most so many entries: those of the greatest rank, of equal ones the first by key. */
export function strongest<T extends Keyed>(table: readonly T[], most: number, rank: (entry: T) => number): readonly T[] {
  if (table.length <= most) return table;
  return table
    .toSorted((a, b) => rank(b) - rank(a) || byKey(a, b))
    .slice(0, most)
    .sort(byKey);
}
