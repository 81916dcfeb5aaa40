import { invariant } from '@vitrine/kernel';
import type { ArmModel } from '../../policy';
import { COUNTS } from '../../statistics/counts.family';

/** Pseudo-trials that a mean starts from. */
export interface MeanPrior {
  readonly priorMean: number;
  readonly priorTrials: number;
}

/** For policies that look at raw means. */
export const NO_PRIOR: MeanPrior = { priorMean: 0, priorTrials: 0 };

/** Reward per trial of one banner. */
export class MeanReward {
  constructor(
    readonly mean: number,
    /** Real ones only, at least 0. */
    readonly trials: number,
  ) {}
}

/** The parameters of a `MeanPrior`, for policies that start from nothing unless told otherwise. */
export const MEAN_PRIOR_PARAMETERS = {
  priorMean: {
    kind: 'number',
    unit: 'reward',
    description: 'Mean reward that a banner is taken to have before it is tried.',
    default: 0,
    min: -1e6,
    max: 1e6,
  },
  priorTrials: { kind: 'number', unit: 'trials', description: 'How many trials that mean is worth.', default: 0, min: 0, max: 1e6 },
} as const;

/** Smoothed reward per trial; without trials, real or prior, it is `untried`. */
export function deriveMean(statistics: Float64Array | null, { priorMean, priorTrials }: MeanPrior, untried: number): MeanReward {
  const trials = trialsIn(statistics);
  const weight = trials + priorTrials;
  const rewardSum = (statistics?.[COUNTS.rewardSum] ?? 0) + priorMean * priorTrials;
  return new MeanReward(weight > 0 ? rewardSum / weight : untried, trials);
}

/** Trials of one banner; the crumbs that taking trials out again may leave count as none. */
export function trialsIn(statistics: Float64Array | null): number {
  const trials = statistics?.[COUNTS.trials] ?? 0;
  return trials > 1e-9 ? trials : 0;
}

export function meanRewardOf(model: ArmModel): MeanReward {
  invariant(model instanceof MeanReward, 'a policy on means reads its own models');
  return model;
}

export function meanOf(model: ArmModel): number {
  return meanRewardOf(model).mean;
}

/** Trials of these banners together: the time t of a policy that counts it over the eligible set. Whole numbers, so exact in any order. */
export function totalTrials(arms: readonly ArmModel[]): number {
  let total = 0;
  for (let i = 0; i < arms.length; i++) total += meanRewardOf(arms[i]).trials;
  return total;
}
