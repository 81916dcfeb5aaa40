import { invariant, type Rng } from '@vitrine/kernel';
import { sampleIndex } from './sample-index';

/** Which of the eligible banners got each slot, and with what probability given the slots before it. */
export interface FilledSlots {
  readonly indices: Int32Array;
  readonly propensities: Float64Array;
}

/** The distribution of the next slot: what is left of `weights`, renormalised; even over the untaken when nothing is left. */
function renormalise(weights: Float64Array, taken: Uint8Array): void {
  let mass = 0;
  let left = 0;
  for (let i = 0; i < weights.length; i++) {
    if (taken[i] === 1) continue;
    mass += weights[i] ?? 0;
    left++;
  }
  for (let i = 0; i < weights.length; i++) {
    if (taken[i] === 1) weights[i] = 0;
    else weights[i] = mass > 0 ? (weights[i] ?? 0) / mass : 1 / left;
  }
}

/**
 * Fills slots without replacement from one distribution, renormalised over what is left after each slot (decision D1).
 * Takes exactly one number from the stream per slot, so that a replay with the same seed gives the same slots.
 *
 * @param distribution shape [n], each >= 0, sum 1; left as it is
 * @param slots at least 0; at most n are filled
 */
export function fillSlots(distribution: Float64Array, slots: number, rng: Rng): FilledSlots {
  invariant(Number.isInteger(slots) && slots >= 0, 'a number of slots is whole');
  const count = Math.min(slots, distribution.length);
  const weights = Float64Array.from(distribution);
  const taken = new Uint8Array(weights.length);
  const indices = new Int32Array(count);
  const propensities = new Float64Array(count);
  for (let slot = 0; slot < count; slot++) {
    renormalise(weights, taken);
    const index = sampleIndex(weights, rng);
    indices[slot] = index;
    propensities[slot] = weights[index] ?? 0;
    taken[index] = 1;
  }
  return { indices, propensities };
}
