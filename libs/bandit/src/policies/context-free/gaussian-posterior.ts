import { invariant } from '@vitrine/kernel';
import type { ArmModel, PoolModel } from '../../policy';
import { COUNTS } from '../../statistics/counts.family';
import { trialsIn, type MeanPrior } from './mean-reward';

/** One banner's mean reward under a normal likelihood of unknown noise s: N(mean, s^2 / weight). */
export class GaussianPosterior {
  constructor(
    readonly mean: number,
    /** Trials, those of the prior included. */
    readonly weight: number,
    /** Sum of squared deviations of its rewards from their own average. */
    readonly scatter: number,
    /** Degrees of freedom of that sum: trials - 1, or 0. */
    readonly freedom: number,
  ) {}
}

export function deriveGaussian(statistics: Float64Array | null, { priorMean, priorTrials }: MeanPrior): GaussianPosterior {
  const trials = trialsIn(statistics);
  const sum = statistics?.[COUNTS.rewardSum] ?? 0;
  const weight = trials + priorTrials;
  const scatter = trials > 1 ? (statistics?.[COUNTS.squareSum] ?? 0) - sum * (sum / trials) : 0;
  // A sum of squares that is negative is rounding; one that is no number has overflowed: neither says anything.
  return new GaussianPosterior((sum + priorMean * priorTrials) / weight, weight, scatter > 0 ? scatter : 0, Math.max(trials - 1, 0));
}

export function gaussianPosterior(model: ArmModel): GaussianPosterior {
  invariant(model instanceof GaussianPosterior, 'gaussian-thompson reads its own models');
  return model;
}

/** Noise (standard deviation) of one reward, common to all banners. */
export class PooledNoise {
  constructor(readonly deviation: number) {}
}

export interface NoisePrior {
  /** Standard deviation of a reward. */
  readonly noise: number;
  /** Trials that this guess is worth, positive. */
  readonly noiseTrials: number;
}

/**
 * Pooled variance within banners, started from a guess: s^2 = (n0 s0^2 + sum_a sum_t (r_t - m_a)^2) / (n0 + sum_a (n_a - 1)).
 * Sums run in order of size, so that the order of banners cannot matter to a bit.
 */
export function poolNoise(arms: readonly ArmModel[], { noise, noiseTrials }: NoisePrior): PooledNoise {
  const scatters = Float64Array.from(arms, (arm) => gaussianPosterior(arm).scatter).sort();
  const scatter = scatters.reduce((sum, value) => sum + value, noiseTrials * noise * noise);
  const freedom = arms.reduce((sum: number, arm) => sum + gaussianPosterior(arm).freedom, noiseTrials);
  return new PooledNoise(Math.sqrt(Math.min(scatter, Number.MAX_VALUE) / freedom));
}

export function pooledNoise(pool: PoolModel): PooledNoise {
  invariant(pool instanceof PooledNoise, 'gaussian-thompson reads its own pool');
  return pool;
}
