import type { StatisticsFamily } from '../policy';

/** Layout of the counts family: where each number lies. */
export const COUNTS = { trials: 0, rewardSum: 1, length: 2 } as const;

/**
 * Trials and reward sum. A sum of squared rewards is left out on purpose: a later reward arrives as a difference, and
 * without the reward before it the square could be neither corrected nor taken out again.
 */
export const countsFamily: StatisticsFamily = {
  name: 'counts',
  length: () => COUNTS.length,
  addTrial(statistics, _context, reward, sign) {
    statistics[COUNTS.trials] = (statistics[COUNTS.trials] ?? 0) + sign;
    statistics[COUNTS.rewardSum] = (statistics[COUNTS.rewardSum] ?? 0) + sign * reward;
  },
  addReward(statistics, _context, delta, sign) {
    statistics[COUNTS.rewardSum] = (statistics[COUNTS.rewardSum] ?? 0) + sign * delta;
  },
};
