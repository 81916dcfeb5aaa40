import { counterValueAt, foldCounter, mergeCounters, type DecayFamily } from '../decayed-counter';
import type { DecayedCounter } from '../types';
import type { KeyedValue } from './feature-family';
import { findKeyed, joinKeyed, putKeyed, strongest, type Keyed } from './keyed';

/** A decayed counter per key, at most `most` of them: past that the weakest is forgotten. */
export type DecayedTable = readonly (Keyed & DecayedCounter)[];

export interface DecayedTableShape {
  readonly decay: DecayFamily;
  readonly most: number;
}

export function foldTable(
  table: DecayedTable,
  { key, amount, at }: { readonly key: string; readonly amount: number; readonly at: number },
  shape: DecayedTableShape,
): DecayedTable {
  return bounded(putKeyed(table, { key, ...foldCounter(findKeyed(table, key), amount, at, shape.decay) }), shape);
}

export function mergeTables(a: DecayedTable, b: DecayedTable, shape: DecayedTableShape): DecayedTable {
  const merged = joinKeyed(a, b, (x, y) => ({ key: x.key, ...mergeCounters(x, y, shape.decay) }));
  return bounded(merged, shape);
}

/** Strongest first; equal ones by key. */
export function readTable(table: DecayedTable, nowMs: number, { decay }: DecayedTableShape): readonly KeyedValue[] {
  return table
    .map((counter) => ({ key: counter.key, value: counterValueAt(counter, nowMs, decay) }))
    .sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1));
}

function bounded(table: DecayedTable, { decay, most }: DecayedTableShape): DecayedTable {
  if (table.length <= most) return table;
  const now = Math.max(...table.map(({ at }) => at));
  return strongest(table, most, (counter) => counterValueAt(counter, now, decay));
}
