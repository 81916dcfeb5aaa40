import { invariant } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';

export const MOST_BINS = 255;

/** Rows whose values are replaced by the number of the bin they fall into: what histograms are made of. */
export interface BinnedRows {
  readonly rows: number;
  readonly columns: number;
  /** Column-major: the bin of (r, c) is `bins[c * rows + r]`. */
  readonly bins: Uint8Array;
  /** Per column, ascending: values up to and with cut i, and above cut i - 1, are in bin i; the last bin is open. */
  readonly cuts: readonly Float64Array[];
  /**
   * First cell of each column in a histogram over all columns, shape [columns + 1]. A column has a cell per bin of values, then one for
   * values that are missing (not finite).
   */
  readonly cells: Int32Array;
}

/** @param bins most bins of values per column, in [2, MOST_BINS]; a column with no more distinct values keeps each of them apart */
export function binRows(matrix: RowMatrix, bins: number): BinnedRows {
  invariant(bins >= 2 && bins <= MOST_BINS, 'a column has 2 to 255 bins');
  const { rows, columns } = matrix;
  const binned = new Uint8Array(rows * columns);
  const cells = new Int32Array(columns + 1);
  const cuts = Array.from({ length: columns }, (_, c) => {
    const column = columnOf(matrix, c);
    const found = cutsOf(column, bins);
    for (let r = 0; r < rows; r++) binned[c * rows + r] = binOf(column[r] ?? 0, found);
    cells[c + 1] = (cells[c] ?? 0) + found.length + 2;
    return found;
  });
  return { rows, columns, bins: binned, cuts, cells };
}

function columnOf({ rows, columns, values }: RowMatrix, c: number): Float64Array {
  const column = new Float64Array(rows);
  for (let r = 0; r < rows; r++) column[r] = values[r * columns + c] ?? 0;
  return column;
}

function cutsOf(column: Float64Array, bins: number): Float64Array {
  const sorted = column.filter((value) => Number.isFinite(value)).sort();
  const ends = lastOfEach(sorted);
  if (ends.length <= bins) return Float64Array.from(ends.slice(0, -1), (end) => between(sorted, end));
  const cuts: number[] = [];
  let at = 0;
  for (let bin = 1; bin < bins; bin++) {
    const position = (bin * sorted.length) / bins - 1;
    const before = at;
    while (at < ends.length - 1 && (ends[at] ?? 0) < position) at++;
    if ((at > before || bin === 1) && at < ends.length - 1) cuts.push(between(sorted, ends[at] ?? 0));
  }
  return Float64Array.from(cuts);
}

/** Position of the last of each run of equal values. */
function lastOfEach(sorted: Float64Array): readonly number[] {
  const ends: number[] = [];
  for (let i = 0; i < sorted.length; i++) if (sorted[i] !== sorted[i + 1]) ends.push(i);
  return ends;
}

/** Between a value and the next one: a new value goes to the nearer of them. */
function between(sorted: Float64Array, end: number): number {
  const low = sorted[end] ?? 0;
  const high = sorted[end + 1] ?? low;
  const middle = low + (high / 2 - low / 2);
  return middle < high ? middle : low; // neighbours among the doubles have nothing between them
}

function binOf(value: number, cuts: Float64Array): number {
  if (!Number.isFinite(value)) return cuts.length + 1;
  let low = 0;
  let high = cuts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
