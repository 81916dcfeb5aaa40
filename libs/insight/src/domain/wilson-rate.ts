import { invariant } from '@vitrine/kernel';
import { centralZ } from './distributions';

/** A share with its 95 % interval, all in [0, 1]. */
export interface Rate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

const Z_95 = centralZ(0.95);

/**
 * Share of trials that succeeded, with Wilson's score interval; null when there are no trials.
 *
 * @param successes in [0, trials]
 * @see Wilson, JASA 22 (1927); Newcombe, Statistics in Medicine 17 (1998), method 3
 */
export function wilsonRate(successes: number, trials: number, z: number = Z_95): Rate | null {
  invariant(successes >= 0 && successes <= trials, 'successes are some of the trials');
  if (trials === 0) return null;
  const value = successes / trials;
  const z2 = z * z;
  const center = value + z2 / (2 * trials);
  const spread = z * Math.sqrt((value * (1 - value)) / trials + z2 / (4 * trials * trials));
  const scale = 1 + z2 / trials;
  // At the ends rounding can miss 0 and 1 by a hair.
  const lower = successes === 0 ? 0 : (center - spread) / scale;
  const upper = successes === trials ? 1 : (center + spread) / scale;
  return { value, lower, upper };
}
