/** Rows of one categorical column with what is to be predicted. */
export interface TargetRows {
  /** Category per row; negative for none. */
  readonly codes: Int32Array;
  readonly target: Float64Array;
  readonly categories: number;
}

/** Pseudo-rows of the mean of all that each category is given, or `auto`. */
export type Smoothing = 'auto' | number;

export interface TargetEncoding {
  /** Per category. */
  readonly values: Float64Array;
  /** Mean target of all rows: what anything else is worth. */
  readonly mean: number;
}

/** Rows of a fold are left out where `foldOf` is theirs. */
interface LeftOut {
  readonly foldOf: Int32Array;
  readonly fold: number;
}

/**
 * Mean target by category, shrunk towards that of all rows. `auto` weighs the two by empirical Bayes: the less a category's rows agree
 * among themselves, and the fewer they are, the nearer it stays to the mean.
 *
 * @see Micci-Barreca, A Preprocessing Scheme for High-Cardinality Categorical Attributes, SIGKDD Explorations 3 (2001), section 2
 */
export function encodeTarget(rows: TargetRows, smooth: Smoothing, leftOut?: LeftOut): TargetEncoding {
  const sums = sumsOf(rows, leftOut);
  const values = new Float64Array(rows.categories);
  const squares = smooth === 'auto' ? squaresOf(rows, sums, leftOut) : null;
  for (let code = 0; code < values.length; code++) {
    const count = sums.counts[code] ?? 0;
    const total = sums.totals[code] ?? 0;
    if (count === 0) values[code] = sums.mean;
    else if (squares === null) values[code] = (Number(smooth) * sums.mean + total) / (Number(smooth) + count);
    else values[code] = weighed(total / count, sums.mean, shareOf(squares.all * count, (squares.byCategory[code] ?? 0) / count));
  }
  return { values, mean: sums.mean };
}

/** Each row's value from an encoding of the rows of the other folds, so that its own target is no part of it. */
export function crossFittedTarget(rows: TargetRows, smooth: Smoothing, foldOf: Int32Array): Float64Array {
  const out = new Float64Array(rows.codes.length);
  const folds = foldOf.reduce((most, fold) => Math.max(most, fold + 1), 0);
  for (let fold = 0; fold < folds; fold++) {
    const { values, mean } = encodeTarget(rows, smooth, { foldOf, fold });
    rows.codes.forEach((code, row) => {
      if (foldOf[row] === fold) out[row] = code < 0 ? mean : (values[code] ?? mean);
    });
  }
  return out;
}

const weighed = (own: number, all: number, share: number): number => share * own + (1 - share) * all;
/** Of two variances; nothing varies, nothing is known: the mean of all. */
const shareOf = (signal: number, noise: number): number => (signal + noise === 0 ? 0 : signal / (signal + noise));

interface Sums {
  readonly counts: Float64Array;
  readonly totals: Float64Array;
  readonly mean: number;
  readonly rows: number;
}

function sumsOf({ codes, target, categories }: TargetRows, leftOut?: LeftOut): Sums {
  const counts = new Float64Array(categories);
  const totals = new Float64Array(categories);
  let rows = 0;
  let total = 0;
  codes.forEach((code, row) => {
    if (isOut(row, leftOut)) return;
    const y = target[row] ?? 0;
    rows++;
    total += y;
    if (code < 0) return;
    counts[code] = (counts[code] ?? 0) + 1;
    totals[code] = (totals[code] ?? 0) + y;
  });
  return { counts, totals, rows, mean: rows === 0 ? 0 : total / rows };
}

/** Variance of all rows, and sums of squares around the mean of each category. */
function squaresOf({ codes, target, categories }: TargetRows, sums: Sums, leftOut?: LeftOut): { all: number; byCategory: Float64Array } {
  const byCategory = new Float64Array(categories);
  let all = 0;
  codes.forEach((code, row) => {
    if (isOut(row, leftOut)) return;
    const y = target[row] ?? 0;
    all += (y - sums.mean) ** 2;
    if (code < 0) return;
    byCategory[code] = (byCategory[code] ?? 0) + (y - (sums.totals[code] ?? 0) / (sums.counts[code] ?? 1)) ** 2;
  });
  return { all: sums.rows === 0 ? 0 : all / sums.rows, byCategory };
}

const isOut = (row: number, leftOut: LeftOut | undefined): boolean => leftOut !== undefined && leftOut.foldOf[row] === leftOut.fold;
