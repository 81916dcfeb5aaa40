import type { KeyedValue } from './feature-family';
import { findKeyed, joinKeyed, putKeyed } from './keyed';

/** Counts by key. */
export type CountTable = readonly KeyedValue[];

export function addCount(table: CountTable, key: string): CountTable {
  return putKeyed(table, { key, value: (findKeyed(table, key)?.value ?? 0) + 1 });
}

export function mergeCounts(a: CountTable, b: CountTable): CountTable {
  return joinKeyed(a, b, (x, y) => ({ key: x.key, value: x.value + y.value }));
}

/** Each count as a share of all; largest first, equal ones by key. */
export function sharesOf(table: CountTable): readonly KeyedValue[] {
  const total = table.reduce((sum, { value }) => sum + value, 0);
  return table.map(({ key, value }) => ({ key, value: value / total })).sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1));
}
