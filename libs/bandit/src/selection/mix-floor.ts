import { invariant } from '@vitrine/kernel';

/** Spreads a share of the probability evenly, in place: p = (1 - floor) p + floor / n. @param floor in [0, 1] */
export function mixFloor(distribution: Float64Array, floor: number): void {
  invariant(floor >= 0 && floor <= 1, 'a floor is a share');
  const even = floor / distribution.length;
  for (let i = 0; i < distribution.length; i++) distribution[i] = (1 - floor) * (distribution[i] ?? 0) + even;
}
