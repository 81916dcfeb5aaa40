import type { StatisticsFamily } from '../policy';

/** Nothing is learned: for policies whose choice does not depend on outcomes. */
export const noneFamily: StatisticsFamily = {
  name: 'none',
  length: () => 0,
  addTrial: () => undefined,
  addReward: () => undefined,
};
