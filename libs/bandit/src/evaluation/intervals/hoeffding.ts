import { around, assertChance, meanOf, type Interval } from './moments';

/**
 * How far a bound by Hoeffding's inequality lies from the mean: b sqrt(ln(1 / d) / (2 n)). Holds for every n when the terms lie within a
 * range of width b; does not see how much they really vary.
 *
 * @param terms one per round, shape [n]
 * @param range width b of the interval that every possible term lies in, in units of the terms; of the observed maximum the same is to be
 * said as for `empiricalBernsteinHalfWidth`
 * @param errorRate d, chance of a miss on one side, in (0, 1)
 * @see Hoeffding, Probability Inequalities for Sums of Bounded Random Variables, JASA 58 (1963), theorem 2
 */
export function hoeffdingHalfWidth(terms: Float64Array, range: number, errorRate: number): number {
  assertChance(errorRate);
  return range * Math.sqrt(Math.log(1 / errorRate) / (2 * terms.length));
}

/** Two-sided: misses the mean with chance at most `errorRate`. Otherwise as {@link hoeffdingHalfWidth}. */
export function hoeffdingInterval(terms: Float64Array, range: number, errorRate: number): Interval {
  return around(meanOf(terms), hoeffdingHalfWidth(terms, range, errorRate / 2));
}
