import { additiveFamily, squareOf } from './additive';
import type { AdditiveFamily, Observation } from './statistics-family';

/** Layout of the linear family: `[trials, rewardSum, squareSum, b (d), upper triangle of A by rows (d (d + 1) / 2)]`. */
export const LINEAR = { trials: 0, rewardSum: 1, squareSum: 2, vector: 3 } as const;

/** Number of entries of a symmetric matrix that are kept. */
export function triangleLength(dimension: number): number {
  return (dimension * (dimension + 1)) / 2;
}

/** Where the triangle begins. */
export function triangleAt(dimension: number): number {
  return LINEAR.vector + dimension;
}

/**
 * The sums of a least-squares regression of reward on context, free of any prior: `A = sum x x^T`, `b = sum r x`, and `sum r^2`.
 * A later reward moves `b` and the square only, as the trial's context is in `A` already.
 */
export function linearFamily(dimension: number): AdditiveFamily {
  const length = triangleAt(dimension) + triangleLength(dimension);
  const places = new Int32Array(dimension);
  const values = new Float64Array(dimension);
  return additiveFamily({ name: 'linear', version: 2, contextual: true, length }, (statistics, observation, sign) => {
    const { kind, context } = observation;
    if (kind === 'TRIAL') addTrial(statistics, { context, places, values }, sign);
    addReward(statistics, observation, sign);
  });
}

function addTrial(
  statistics: Float64Array,
  { context, places, values }: { readonly context: Float64Array; readonly places: Int32Array; readonly values: Float64Array },
  sign: 1 | -1,
): void {
  const d = context.length;
  statistics[LINEAR.trials] = (statistics[LINEAR.trials] ?? 0) + sign;
  let lit = 0; // most features are one-hot: zeros add nothing
  for (let i = 0; i < d; i++) {
    const value = context[i] ?? 0;
    if (value === 0) continue;
    values[lit] = value;
    places[lit++] = i;
  }
  for (let k = 0; k < lit; k++) {
    const i = places[k] ?? 0;
    const row = LINEAR.vector + d + i * d - (i * (i + 1)) / 2; // row + j is the place of entry (i, j), j >= i
    const weight = sign * (values[k] ?? 0);
    for (let l = k; l < lit; l++) {
      const at = row + (places[l] ?? 0);
      statistics[at] = (statistics[at] ?? 0) + weight * (values[l] ?? 0);
    }
  }
}

function addReward(statistics: Float64Array, observation: Observation, sign: 1 | -1): void {
  const { context } = observation;
  const weight = sign * observation.reward;
  statistics[LINEAR.squareSum] = (statistics[LINEAR.squareSum] ?? 0) + sign * squareOf(observation);
  statistics[LINEAR.rewardSum] = (statistics[LINEAR.rewardSum] ?? 0) + weight;
  if (weight === 0) return;
  for (let i = 0; i < context.length; i++) {
    statistics[LINEAR.vector + i] = (statistics[LINEAR.vector + i] ?? 0) + weight * (context[i] ?? 0);
  }
}
