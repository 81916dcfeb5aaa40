import { studentTQuantile } from '../../numeric/student-t';
import { around, assertChance, spreadOf, type Interval } from './moments';

/**
 * How far below its mean a Student-t bound lies: round_se times t_{n-1}(1 - errorRate). Right for many rounds without a few that dominate;
 * too narrow where the weights are heavy-tailed.
 *
 * @param terms one per round, shape [n], n >= 2
 * @param errorRate chance of a miss on this one side, in (0, 1)
 * @returns in units of the terms
 */
export function studentTHalfWidth(terms: Float64Array, errorRate: number): number {
  assertChance(errorRate);
  const { n, squares } = spreadOf(terms);
  return Math.sqrt(squares / n / (n - 1)) * studentTQuantile(1 - errorRate, n - 1);
}

/** Two-sided: misses the mean with chance `errorRate`, half of it on each side. Otherwise as {@link studentTHalfWidth}. */
export function studentTInterval(terms: Float64Array, errorRate: number): Interval {
  return around(spreadOf(terms).mean, studentTHalfWidth(terms, errorRate / 2));
}
