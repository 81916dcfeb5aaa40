import { invariant } from '@vitrine/kernel';

/** A share with its interval, all in [0, 1]. */
export interface RateInterval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Share of trials that succeeded, with Wilson's score interval. Without trials the share is 0 and the interval all of [0, 1].
 *
 * @param successes in [0, trials]
 * @param z half-width in standard errors; 1.96 for about 95 %
 * @see Wilson, JASA 22 (1927); Newcombe, Statistics in Medicine 17 (1998), method 3
 */
export function wilsonInterval(successes: number, trials: number, z: number): RateInterval {
  invariant(successes >= 0 && successes <= trials, 'successes are some of the trials');
  if (trials === 0) return { value: 0, lower: 0, upper: 1 };
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
