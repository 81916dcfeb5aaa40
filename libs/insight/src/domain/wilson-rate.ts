import { wilsonInterval } from '@vitrine/bandit';
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
  const interval = wilsonInterval(successes, trials, z);
  return trials === 0 ? null : interval;
}
