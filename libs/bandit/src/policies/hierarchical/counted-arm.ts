import { invariant } from '@vitrine/kernel';
import type { ArmIdentity, ArmModel } from '../../policy';
import { COUNTS } from '../../statistics/counts.family';

/** Taking trials out again can leave less than this behind. */
const NO_TRIALS = 1e-9;

/** What one banner's counts say by themselves. */
export class CountedArm {
  private constructor(
    readonly identity: ArmIdentity,
    /** 0 for an untried banner. */
    readonly trials: number,
    readonly mean: number,
    /** Sum of squared deviations from the mean. */
    readonly squares: number,
  ) {}

  static of(identity: ArmIdentity, statistics: Float64Array | null): CountedArm {
    const trials = statistics?.[COUNTS.trials] ?? 0;
    if (statistics === null || !(trials > NO_TRIALS)) return new CountedArm(identity, 0, 0, 0);
    const mean = (statistics[COUNTS.rewardSum] ?? 0) / trials;
    const squares = (statistics[COUNTS.squareSum] ?? 0) - (statistics[COUNTS.rewardSum] ?? 0) * mean;
    // A negative sum of squares is rounding, one that is no number has overflowed: neither says anything.
    return new CountedArm(identity, trials, mean, squares > 0 ? squares : 0);
  }
}

export function countedArm(model: ArmModel): CountedArm {
  invariant(model instanceof CountedArm, 'hierarchical-thompson reads its own models');
  return model;
}

/**
 * Variance of one reward around its banner's mean, from the squares within banners, beside a first guess worth some trials.
 *
 * @param guess.noise standard deviation
 */
export function noiseVariance(
  arms: readonly Pick<CountedArm, 'trials' | 'squares'>[],
  guess: { readonly noise: number; readonly noiseTrials: number },
): number {
  let squares = guess.noiseTrials * guess.noise ** 2;
  let degrees = guess.noiseTrials;
  for (const arm of arms) {
    squares += arm.squares;
    degrees += Math.max(arm.trials - 1, 0);
  }
  return squares / degrees;
}
