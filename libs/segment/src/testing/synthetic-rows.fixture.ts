import { rngFromNumber, type Rng } from '@vitrine/kernel';
import type { RawTable } from '../domain/pipeline/raw-table';
import { numericTable } from '../domain/training/labelled-table';

/** Behaviour of one kind of shopper: the middle of each feature. */
export type Archetype = readonly number[];

/** Test data: rows around archetypes with known membership. Row i belongs to archetype `i % archetypes.length`. */
export function syntheticRow(index: number, archetypes: readonly Archetype[], spread: number, rng: Rng): Float64Array {
  const middle = archetypes[index % archetypes.length] ?? [];
  return Float64Array.from(middle, (value) => value + spread * normal(rng));
}

/** Box and Muller (1958). */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}

/** A table of such rows. */
export function syntheticTable(
  count: number,
  of: { readonly archetypes: readonly Archetype[]; readonly seed: number; readonly spread?: number },
): RawTable {
  const rng = rngFromNumber(of.seed);
  const rows = Array.from({ length: count }, (_, at) => [...syntheticRow(at, of.archetypes, of.spread ?? 1, rng)]);
  const width = of.archetypes[0]?.length ?? 0;
  return numericTable(
    Array.from({ length: width }, (_, at) => `f${at}`),
    Float64Array.from(rows.flat()),
  );
}
