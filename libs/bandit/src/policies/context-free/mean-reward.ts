import { invariant } from '@vitrine/kernel';
import type { ArmModel } from '../../policy';
import { COUNTS } from '../../statistics/counts.family';

/** Pseudo-trials that a mean starts from. */
export interface MeanPrior {
  readonly priorMean: number;
  readonly priorTrials: number;
}

/** Reward per trial of one banner. */
export class MeanReward {
  constructor(readonly mean: number) {}
}

/** Smoothed reward per trial; without trials, real or prior, it is `untried`. */
export function deriveMean(statistics: Float64Array | null, { priorMean, priorTrials }: MeanPrior, untried: number): MeanReward {
  // Taking trials out again can leave -1e-16 behind.
  const trials = Math.max(statistics?.[COUNTS.trials] ?? 0, 0) + priorTrials;
  const rewardSum = (statistics?.[COUNTS.rewardSum] ?? 0) + priorMean * priorTrials;
  return new MeanReward(trials > 1e-9 ? rewardSum / trials : untried);
}

export function meanOf(model: ArmModel): number {
  invariant(model instanceof MeanReward, 'a policy on means reads its own models');
  return model.mean;
}
