import type { BinnedRows } from './feature-bins';

/** Numbers per cell of a histogram: summed gradients, summed hessians, rows. */
export const CELL = 3;
/** A child of almost certain rows would get an enormous value. */
const LEAST_HESSIAN = 1e-3;
const LEAST_GAIN = 1e-10;

/** What a set of rows adds up to. */
export interface RowSums {
  gradient: number;
  hessian: number;
  rows: number;
}

export interface Split {
  readonly column: number;
  /** Last bin of values that goes left; the last of all when only what is missing goes right. */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Twice what the split lowers the summed loss by, to second order. */
  readonly gain: number;
  readonly left: Readonly<RowSums>;
}

export interface SplitSearch {
  readonly binned: BinnedRows;
  /** Columns that may be used, ascending. */
  readonly columns: Int32Array;
  readonly minRowsPerLeaf: number;
  readonly l2: number;
}

/**
 * The split with the most gain, the first of equals; null when none is allowed or gains anything. Values that are missing are tried on
 * both sides; where a node has none, they will go where most of its rows go.
 *
 * @param histogram of the node's rows over all cells
 * @see Chen & Guestrin, XGBoost, KDD 2016, equation 7 and algorithm 3
 */
export function bestSplit(search: SplitSearch, histogram: Float64Array, total: Readonly<RowSums>): Split | null {
  let best: Split | null = null;
  for (const column of search.columns) {
    best = scan(search, histogram, { total, column, missingLeft: false, best });
    if (missingSums(search.binned, histogram, column).rows > 0) best = scan(search, histogram, { total, column, missingLeft: true, best });
  }
  return best;
}

interface Scan {
  readonly total: Readonly<RowSums>;
  readonly column: number;
  readonly missingLeft: boolean;
  readonly best: Split | null;
}

/** Moves one bin after the other to the left. @returns the better of `best` and what this column has to offer */
function scan(search: SplitSearch, histogram: Float64Array, { total, column, missingLeft, best }: Scan): Split | null {
  const { binned, l2, minRowsPerLeaf } = search;
  const first = binned.cells[column] ?? 0;
  const lastBin = cutsIn(binned, column) - (missingLeft ? 1 : 0);
  const missing = missingSums(binned, histogram, column);
  const left: RowSums = missingLeft ? { ...missing } : { gradient: 0, hessian: 0, rows: 0 };
  const whole = total.gradient ** 2 / (total.hessian + l2);
  let found = best;
  let most = (best?.gain ?? LEAST_GAIN) + whole;
  for (let bin = 0; bin <= lastBin; bin++) {
    addCell(left, histogram, first + bin);
    if (total.rows - left.rows < minRowsPerLeaf) break;
    if (left.rows < minRowsPerLeaf) continue;
    const reached = scoreOf(left, total, l2);
    if (reached <= most) continue;
    most = reached;
    const side = missing.rows > 0 ? missingLeft : 2 * left.rows > total.rows;
    found = { column, bin, missingLeft: side, gain: reached - whole, left: { ...left } };
  }
  return found;
}

function cutsIn({ cuts }: BinnedRows, column: number): number {
  return cuts[column]?.length ?? 0;
}

/** Twice what two leaves of their own take off the loss; -Infinity where one of them is all but certain already. */
function scoreOf(left: Readonly<RowSums>, total: Readonly<RowSums>, l2: number): number {
  const hessian = total.hessian - left.hessian;
  if (left.hessian < LEAST_HESSIAN || hessian < LEAST_HESSIAN) return Number.NEGATIVE_INFINITY;
  return left.gradient ** 2 / (left.hessian + l2) + (total.gradient - left.gradient) ** 2 / (hessian + l2);
}

function missingSums(binned: BinnedRows, histogram: Float64Array, column: number): RowSums {
  const sums = { gradient: 0, hessian: 0, rows: 0 };
  addCell(sums, histogram, (binned.cells[column + 1] ?? 0) - 1);
  return sums;
}

function addCell(sums: RowSums, histogram: Float64Array, cell: number): void {
  sums.gradient += histogram[CELL * cell] ?? 0;
  sums.hessian += histogram[CELL * cell + 1] ?? 0;
  sums.rows += histogram[CELL * cell + 2] ?? 0;
}
