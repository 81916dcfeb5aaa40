import type { StatisticsFamily } from '../policy';

/** Layout of the linear family: `[trials, rewardSum, b (d), upper triangle of A by rows (d (d + 1) / 2)]`. */
export const LINEAR = { trials: 0, rewardSum: 1, vector: 2 } as const;

/** Number of entries of a symmetric matrix that are kept. */
export function triangleLength(dimension: number): number {
  return (dimension * (dimension + 1)) / 2;
}

function addScaled(statistics: Float64Array, context: Float64Array, weight: number): void {
  statistics[LINEAR.rewardSum] = (statistics[LINEAR.rewardSum] ?? 0) + weight;
  for (let i = 0; i < context.length; i++) {
    statistics[LINEAR.vector + i] = (statistics[LINEAR.vector + i] ?? 0) + weight * (context[i] ?? 0);
  }
}

/**
 * The sums of a least-squares regression of reward on context, free of any prior: `A = sum x x^T`, `b = sum r x`.
 * A later reward moves `b` only, as the trial's context is in `A` already.
 */
export const linearFamily: StatisticsFamily = {
  name: 'linear',
  length: (dimension) => LINEAR.vector + dimension + triangleLength(dimension),
  addTrial(statistics, context, reward, sign) {
    const d = context.length;
    statistics[LINEAR.trials] = (statistics[LINEAR.trials] ?? 0) + sign;
    addScaled(statistics, context, sign * reward);
    let row = LINEAR.vector + d; // row + j is the place of entry (i, j), j >= i
    for (let i = 0; i < d; i++) {
      const weight = sign * (context[i] ?? 0);
      if (weight !== 0) {
        for (let j = i; j < d; j++) statistics[row + j] = (statistics[row + j] ?? 0) + weight * (context[j] ?? 0);
      }
      row += d - i - 1;
    }
  },
  addReward(statistics, context, delta, sign) {
    addScaled(statistics, context, sign * delta);
  },
};
