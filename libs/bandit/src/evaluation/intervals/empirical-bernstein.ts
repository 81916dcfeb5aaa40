import { around, assertChance, spreadOf, type Interval } from './moments';

/**
 * How far a bound by the empirical Bernstein inequality lies from the mean: 7 b ln(2 / d) / (3 (n - 1)) + sqrt(2 ln(2 / d) s2 / (n - 1)),
 * with s2 the variance over n. Holds for every n when the terms lie within a range of width b; far wider than Student's.
 *
 * @param terms one per round, shape [n], n >= 2
 * @param range width b of the interval that every possible term lies in, in units of the terms. The reference passes the largest observed
 * term: that is no guarantee, since a larger one may be yet to come, nor for terms below 0.
 * @param errorRate d, chance of a miss on one side, in (0, 1)
 * @see Maurer & Pontil, Empirical Bernstein Bounds and Sample Variance Penalization, COLT 2009, theorem 4
 */
export function empiricalBernsteinHalfWidth(terms: Float64Array, range: number, errorRate: number): number {
  assertChance(errorRate);
  const { n, squares } = spreadOf(terms);
  const log = Math.log(2 / errorRate);
  return (7 * range * log) / (3 * (n - 1)) + Math.sqrt((2 * log * (squares / n)) / (n - 1));
}

/** Two-sided: misses the mean with chance at most `errorRate`. Otherwise as {@link empiricalBernsteinHalfWidth}. */
export function empiricalBernsteinInterval(terms: Float64Array, range: number, errorRate: number): Interval {
  return around(spreadOf(terms).mean, empiricalBernsteinHalfWidth(terms, range, errorRate / 2));
}
