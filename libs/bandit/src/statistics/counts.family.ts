import { additiveFamily, squareOf } from './additive';

/** Layout of the counts family: where each number lies. */
export const COUNTS = { trials: 0, rewardSum: 1, squareSum: 2, length: 3 } as const;

/** Trials, sum of rewards and sum of squared rewards. */
export const countsFamily = additiveFamily(
  { name: 'counts', version: 2, contextual: false, length: COUNTS.length },
  (statistics, observation, sign) => {
    if (observation.kind === 'TRIAL') statistics[COUNTS.trials] = (statistics[COUNTS.trials] ?? 0) + sign;
    statistics[COUNTS.rewardSum] = (statistics[COUNTS.rewardSum] ?? 0) + sign * observation.reward;
    statistics[COUNTS.squareSum] = (statistics[COUNTS.squareSum] ?? 0) + sign * squareOf(observation);
  },
);
