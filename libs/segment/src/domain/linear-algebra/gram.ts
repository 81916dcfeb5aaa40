import type { RowMatrix } from '../row-matrix';

/** Columns of equal length, each less its own number: a tall matrix as training holds it. */
export interface ShiftedColumns {
  readonly columns: readonly Float64Array[];
  readonly shift: Float64Array;
}

/** Rows that are worked on together: so many of some dozen columns stay in the cache. */
const BLOCK = 512;

/** Hands the rows of the matrix over in blocks, row-major; the buffer is used again for the next. */
function eachBlock({ columns, shift }: ShiftedColumns, use: (block: Float64Array, rows: number) => void): void {
  const width = columns.length;
  const rows = columns[0]?.length ?? 0;
  const block = new Float64Array(BLOCK * width);
  for (let from = 0; from < rows; from += BLOCK) {
    const count = Math.min(BLOCK, rows - from);
    for (let c = 0; c < width; c++) {
      const column = columns[c];
      const by = shift[c] ?? 0;
      for (let row = 0; row < count; row++) block[row * width + c] = (column?.[from + row] ?? 0) - by;
    }
    use(block, count);
  }
}

/** A^T A of the shifted columns, shape [columns][columns]. */
export function gramOf(matrix: ShiftedColumns): RowMatrix {
  const n = matrix.columns.length;
  const gram = new Float64Array(n * n);
  eachBlock(matrix, (block, rows) => {
    for (let row = 0; row < rows; row++) addSquare(gram, block.subarray(row * n, (row + 1) * n));
  });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) gram[i * n + j] = gram[j * n + i] ?? 0;
  return { rows: n, columns: n, values: gram };
}

/** Adds x x^T to the upper triangle. */
function addSquare(gram: Float64Array, x: Float64Array): void {
  const n = x.length;
  for (let i = 0; i < n; i++) {
    const value = x[i] ?? 0;
    if (value === 0) continue;
    for (let j = i; j < n; j++) gram[i * n + j] = (gram[i * n + j] ?? 0) + value * (x[j] ?? 0);
  }
}

/** A^T (A V) without A^T A, for V of shape [columns][any]. */
export function gramTimes(matrix: ShiftedColumns, v: RowMatrix): RowMatrix {
  const n = matrix.columns.length;
  const out = new Float64Array(n * v.columns);
  const image = new Float64Array(v.columns);
  eachBlock(matrix, (block, rows) => {
    for (let row = 0; row < rows; row++) {
      const x = block.subarray(row * n, (row + 1) * n);
      image.fill(0);
      for (let i = 0; i < n; i++) addScaled(image, v.values.subarray(i * v.columns, (i + 1) * v.columns), x[i] ?? 0);
      for (let i = 0; i < n; i++) addScaled(out.subarray(i * v.columns, (i + 1) * v.columns), image, x[i] ?? 0);
    }
  });
  return { rows: n, columns: v.columns, values: out };
}

/** `to` += factor `from`. */
export function addScaled(to: Float64Array, from: Float64Array, factor: number): void {
  if (factor === 0) return;
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + factor * (from[i] ?? 0);
}
