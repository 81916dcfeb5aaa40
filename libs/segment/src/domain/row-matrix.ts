import { invariant } from '@vitrine/kernel';

/** Rows of features, row-major: value (r, c) is `values[r * columns + c]`. */
export interface RowMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export function rowMatrix(columns: number, values: Float64Array): RowMatrix {
  invariant(columns > 0 && values.length % columns === 0, 'a matrix has whole rows');
  return { rows: values.length / columns, columns, values };
}

/** Copies the given rows, in the given order. */
export function takeRows(matrix: RowMatrix, order: Int32Array): RowMatrix {
  const { columns, values } = matrix;
  const taken = new Float64Array(order.length * columns);
  order.forEach((row, at) => taken.set(values.subarray(row * columns, (row + 1) * columns), at * columns));
  return { rows: order.length, columns, values: taken };
}

/** Squared Euclidean distance between one row of `a` and one of `b`, of equally many columns. */
export function squaredDistance(a: RowMatrix, rowA: number, b: RowMatrix, rowB: number): number {
  const { columns } = a;
  const aAt = rowA * columns;
  const bAt = rowB * columns;
  let total = 0;
  for (let c = 0; c < columns; c++) {
    const d = (a.values[aAt + c] ?? 0) - (b.values[bAt + c] ?? 0);
    total += d * d;
  }
  return total;
}
