import { seededRng } from '@vitrine/kernel';
import { fillSlots, keyedUniform, raceSlots, stickyKey, type FilledSlots } from '@vitrine/bandit';
import type { Layer } from '@vitrine/feedback';
import type { Selection } from './types';

export interface Filled {
  /** Positions in the distribution, one per slot. */
  readonly indices: readonly number[];
  /** Conditional on the slots before, in (0, 1]. */
  readonly propensities: readonly number[];
}

/** Layers that show a fixed order: nothing is drawn. */
export function isFixedLayer(layer: Layer): boolean {
  return layer === 'HOLDOUT' || layer === 'DEFAULT';
}

export interface Draw {
  readonly selection: Exclude<Selection, 'FIXED'>;
  readonly seed: Uint32Array;
  /** Ids in the order of the distribution: a sticky draw belongs to a banner, not to its place in the list. */
  readonly banners: readonly string[];
}

/** Draws the slots from the seed. The first k slots do not depend on how many follow, so a record can be refilled. */
export function drawSlots(distribution: Float64Array, slots: number, draw: Draw): Filled {
  const count = Math.min(slots, distribution.length);
  const { indices, propensities } =
    draw.selection === 'STICKY' ? race(distribution, count, draw) : fillSlots(distribution, count, seededRng(draw.seed));
  return { indices: Array.from(indices), propensities: Array.from(propensities) };
}

function race(distribution: Float64Array, slots: number, { seed, banners }: Draw): FilledSlots {
  const words = [seed[0] ?? 0, seed[1] ?? 0] as const;
  return raceSlots(distribution, slots, (index) => keyedUniform(words, stickyKey(banners[index] ?? '')));
}

/** The first slots of a fixed order, each with certainty. */
export function takeInOrder(count: number, slots: number): Filled {
  const indices = Array.from({ length: Math.min(count, slots) }, (_, index) => index);
  return { indices, propensities: indices.map(() => 1) };
}

export function oneHot(length: number): Float64Array {
  const out = new Float64Array(length);
  if (length > 0) out[0] = 1;
  return out;
}

export function uniform(length: number): Float64Array {
  return new Float64Array(length).fill(1 / length);
}

/**
 * EXPLOIT when the first slot shows what the policy holds most likely to be best (a tie for the maximum counts), EXPLORE otherwise. A
 * flat distribution over several banners prefers none, so that whatever it shows explores.
 */
export function layerOf(distribution: Float64Array, first: number): 'EXPLORE' | 'EXPLOIT' {
  let max = 0;
  let min = 1;
  for (const p of distribution) {
    if (p > max) max = p;
    if (p < min) min = p;
  }
  const flat = distribution.length > 1 && max - min < 1e-12;
  return !flat && distribution[first] === max ? 'EXPLOIT' : 'EXPLORE';
}
