import { invariant, type Rng } from '@vitrine/kernel';
import { assertChance, type Interval } from './moments';

export interface BootstrapOptions {
  /** Chance of a miss, half of it on each side, in (0, 1). */
  readonly errorRate: number;
  /** Resamples, >= 1; 1,000 settle two digits of a 95 % interval. */
  readonly replicates: number;
  readonly rng: Rng;
  /** Whose round it is, as numbers 0 .. G - 1, shape [n]: rounds of one person are drawn together. Absent: every round for itself. */
  readonly cluster?: Int32Array;
  /**
   * Makes the statistic sum(terms) / sum(denominators); shape [n], each >= 0. For SNIPS the terms are w r and the denominators w.
   * Absent: the mean.
   */
  readonly denominators?: Float64Array;
}

interface Sums {
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}

/**
 * Percentile bootstrap: the statistic of many resamples of the rounds (or of whole clusters), with replacement; the interval runs between
 * their quantiles at errorRate / 2 and 1 - errorRate / 2, interpolated linearly. A resample whose denominators sum to 0 is drawn again.
 *
 * @param terms one per round, shape [n], n >= 1
 * @returns in units of terms / denominators
 * @see Efron & Tibshirani, An Introduction to the Bootstrap (1993), chapter 13; Field & Welsh, JRSS B 69 (2007) for clusters
 */
export function bootstrapInterval(terms: Float64Array, options: BootstrapOptions): Interval {
  const { errorRate, replicates, rng } = options;
  assertChance(errorRate);
  invariant(Number.isInteger(replicates) && replicates >= 1, 'a bootstrap has resamples');
  const sums = sumsOf(terms, options);
  const statistics = Float64Array.from({ length: replicates }, () => resample(sums, rng)).sort();
  return { lower: quantile(statistics, errorRate / 2), upper: quantile(statistics, 1 - errorRate / 2) };
}

function sumsOf(terms: Float64Array, { cluster, denominators }: BootstrapOptions): Sums {
  const n = terms.length;
  const ones = denominators ?? new Float64Array(n).fill(1);
  invariant(n > 0 && ones.length === n && (cluster?.length ?? n) === n, 'one term, denominator and cluster per round');
  invariant(ones.some((value) => value > 0) && ones.every((value) => value >= 0), 'denominators are not negative, and not all 0');
  if (cluster === undefined) return { numerator: terms, denominator: ones };
  const groups = cluster.reduce((most, group) => Math.max(most, group + 1), 0);
  const numerator = new Float64Array(groups);
  const denominator = new Float64Array(groups);
  cluster.forEach((group, i) => {
    invariant(group >= 0, 'clusters are numbered from 0');
    numerator[group] = (numerator[group] ?? 0) + (terms[i] ?? 0);
    denominator[group] = (denominator[group] ?? 0) + (ones[i] ?? 0);
  });
  return { numerator, denominator };
}

function resample({ numerator, denominator }: Sums, rng: Rng): number {
  const groups = numerator.length;
  let top = 0;
  let bottom = 0;
  while (bottom === 0) {
    top = 0;
    for (let i = 0; i < groups; i++) {
      const drawn = Math.floor(rng() * groups);
      top += numerator[drawn] ?? 0;
      bottom += denominator[drawn] ?? 0;
    }
  }
  return top / bottom;
}

/** @param sorted ascending, not empty */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? 0;
  return below + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? 0) - below);
}
