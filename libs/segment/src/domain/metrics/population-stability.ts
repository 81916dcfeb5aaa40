import { invariant } from '@vitrine/kernel';

/**
 * Added to every share before both lists are brought back to a sum of 1: a bin that is empty on one side weighs like one of a ten-thousandth
 * instead of making the index infinite.
 */
export const STABILITY_SMOOTHING = 1e-4;

/**
 * Population stability index: sum of (actual - expected) ln(actual / expected) over bins, both smoothed by `STABILITY_SMOOTHING`. Symmetric
 * in its arguments. Commonly read as: below 0.1 no change worth a word, above 0.25 a large one.
 *
 * @param expectedShares of the training rows, shape [bins], each >= 0; counts do as well
 * @param actualShares of the rows now, of the same bins
 * @returns >= 0; 0 for equal shares
 * @see Kullback & Leibler, Annals of Mathematical Statistics 22 (1951): their divergence J
 */
export function populationStability(expectedShares: Float64Array, actualShares: Float64Array): number {
  invariant(expectedShares.length === actualShares.length && expectedShares.length > 0, 'both sides have the same bins');
  const expected = smoothed(expectedShares);
  const actual = smoothed(actualShares);
  let index = 0;
  expected.forEach((before, bin) => {
    const now = actual[bin] ?? 0;
    index += (now - before) * Math.log(now / before);
  });
  return Math.max(0, index);
}

function smoothed(shares: Float64Array): Float64Array {
  let total = 0;
  for (const share of shares) total += share;
  invariant(total > 0, 'some bin has rows');
  return shares.map((share) => (share / total + STABILITY_SMOOTHING) / (1 + shares.length * STABILITY_SMOOTHING));
}

/**
 * Shares of values per bin.
 *
 * @param cuts ascending, shape [n]; a value equal to a cut belongs to the lower bin
 * @returns shape [n + 2], sums to 1 (all 0 without values): the n + 1 bins between the cuts, then what is missing (NaN)
 */
export function binShares(values: Float64Array, cuts: Float64Array): Float64Array {
  const shares = new Float64Array(cuts.length + 2);
  for (const value of values) {
    const bin = Number.isNaN(value) ? cuts.length + 1 : cutsBelow(cuts, value);
    shares[bin] = (shares[bin] ?? 0) + 1 / values.length;
  }
  return shares;
}

/**
 * Values of the sample that cut it into bins of about equally many rows; fewer where ties leave no more. Missing values do not count.
 *
 * @param bins >= 1
 * @returns ascending and distinct, at most bins - 1
 */
export function quantileCuts(values: Float64Array, bins: number): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const cuts: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const cut = sorted[Math.ceil((bin * sorted.length) / bins) - 1];
    // A cut at the largest value would leave the bin above it empty for good.
    if (cut !== undefined && cut !== cuts.at(-1) && cut !== sorted.at(-1)) cuts.push(cut);
  }
  return Float64Array.from(cuts);
}

/** How many cuts lie below a value. */
function cutsBelow(cuts: Float64Array, value: number): number {
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
