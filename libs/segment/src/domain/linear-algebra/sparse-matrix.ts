import { invariant } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';
import { addScaled } from './gram';

/** Compressed sparse rows: row r holds `values[i]` in column `indexes[i]` for i in [starts[r], starts[r + 1]). */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Shape [rows + 1], ascending from 0. */
  readonly starts: Int32Array;
  readonly indexes: Int32Array;
  readonly values: Float64Array;
}

/** Checks the shape once, so that nothing that reads it has to. */
export function sparseMatrix(matrix: SparseMatrix): SparseMatrix {
  const { rows, columns, starts, indexes, values } = matrix;
  invariant(starts.length === rows + 1 && starts[0] === 0 && starts[rows] === values.length, 'starts bound the values');
  invariant(indexes.length === values.length && indexes.every((c) => c >= 0 && c < columns), 'every value has a column');
  invariant(
    starts.every((start, row) => row === 0 || start >= (starts[row - 1] ?? 0)),
    'rows follow one another',
  );
  return matrix;
}

/** A^T (A V), for V of shape [columns][any], in time of the values that are there. */
export function sparseGramTimes({ rows, columns, starts, indexes, values }: SparseMatrix, v: RowMatrix): RowMatrix {
  const width = v.columns;
  const out = new Float64Array(columns * width);
  const image = new Float64Array(width);
  const part = (of: Float64Array, index: number): Float64Array => of.subarray(index * width, (index + 1) * width);
  for (let row = 0; row < rows; row++) {
    const from = starts[row] ?? 0;
    const to = starts[row + 1] ?? 0;
    image.fill(0);
    for (let i = from; i < to; i++) addScaled(image, part(v.values, indexes[i] ?? 0), values[i] ?? 0);
    for (let i = from; i < to; i++) addScaled(part(out, indexes[i] ?? 0), image, values[i] ?? 0);
  }
  return { rows: columns, columns: width, values: out };
}

/** A V^T for V of shape [k][columns]: each row's place along each of the k directions. */
export function sparseProject({ rows, starts, indexes, values }: SparseMatrix, v: RowMatrix): RowMatrix {
  const out = new Float64Array(rows * v.rows);
  for (let row = 0; row < rows; row++) {
    for (let i = starts[row] ?? 0; i < (starts[row + 1] ?? 0); i++) {
      const value = values[i] ?? 0;
      const column = indexes[i] ?? 0;
      for (let k = 0; k < v.rows; k++) {
        out[row * v.rows + k] = (out[row * v.rows + k] ?? 0) + value * (v.values[k * v.columns + column] ?? 0);
      }
    }
  }
  return { rows, columns: v.rows, values: out };
}
