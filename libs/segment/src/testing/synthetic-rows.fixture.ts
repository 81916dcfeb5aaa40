import type { Rng } from '@vitrine/kernel';

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
