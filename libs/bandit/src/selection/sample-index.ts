import { invariant, type Rng } from '@vitrine/kernel';

/**
 * Draws an index with the given probabilities. Takes exactly one number from the stream; never an index without probability.
 *
 * @param weights each >= 0; need not sum to 1, but to more than 0
 */
export function sampleIndex(weights: Float64Array, rng: Rng): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i] ?? 0;
  invariant(total > 0 && total < Infinity, 'something has probability');
  const target = rng() * total;
  let sum = 0;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] ?? 0;
    if (weight <= 0) continue;
    sum += weight;
    if (target < sum) return i;
    last = i; // rounding can leave the target at the total
  }
  return last;
}
