import { invariant } from '@vitrine/kernel';
import type { RowMatrix } from '@vitrine/segment';

/** Directions of largest variance, and the middle of the rows they were found in. */
export interface PrincipalAxes {
  readonly mean: Float64Array;
  /** One axis per row, of length 1, the widest first. */
  readonly axes: RowMatrix;
  /** Variance along each axis, with divisor n, descending. */
  readonly variances: Float64Array;
}

const MOST_SWEEPS = 60;
/** Of the squared size of the matrix: what may be left beside the diagonal. */
const SETTLED = 1e-24;

/**
 * Principal components from the covariance matrix, exactly, by Jacobi rotations. For a few dozen columns: a sweep costs columns^3.
 *
 * @param count axes wanted, >= 1; there are never more than columns
 * @see Golub & Van Loan, Matrix Computations, 4th ed. (2013), section 8.5
 */
export function principalAxes(rows: RowMatrix, count: number): PrincipalAxes {
  const { columns } = rows;
  invariant(rows.rows > 0 && count >= 1, 'axes of at least one row');
  const mean = meanOf(rows);
  const matrix = covariance(rows, mean);
  const vectors = diagonalise(matrix, columns);
  const order = Array.from({ length: columns }, (_, c) => c);
  const variance = (c: number): number => Math.max(0, matrix[c * columns + c] ?? 0);
  order.sort((a, b) => variance(b) - variance(a) || a - b);
  const kept = order.slice(0, count);
  const values = new Float64Array(kept.length * columns);
  kept.forEach((from, to) => {
    for (let c = 0; c < columns; c++) values[to * columns + c] = vectors[c * columns + from] ?? 0;
  });
  return { mean, axes: { rows: kept.length, columns, values }, variances: Float64Array.from(kept, variance) };
}

/** Coordinates of rows along axes, shape [rows][axes]. */
export function projectRows(rows: RowMatrix, { mean, axes }: Pick<PrincipalAxes, 'mean' | 'axes'>): RowMatrix {
  const { columns } = rows;
  invariant(columns === axes.columns, 'rows have the columns of the axes');
  const values = new Float64Array(rows.rows * axes.rows);
  for (let row = 0; row < rows.rows; row++) {
    for (let axis = 0; axis < axes.rows; axis++) {
      let sum = 0;
      for (let c = 0; c < columns; c++) {
        sum += ((rows.values[row * columns + c] ?? 0) - (mean[c] ?? 0)) * (axes.values[axis * columns + c] ?? 0);
      }
      values[row * axes.rows + axis] = sum;
    }
  }
  return { rows: rows.rows, columns: axes.rows, values };
}

function meanOf({ rows, columns, values }: RowMatrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < columns; c++) mean[c] = (mean[c] ?? 0) + (values[row * columns + c] ?? 0) / rows;
  }
  return mean;
}

/** Shape [columns][columns], symmetric. */
function covariance({ rows, columns, values }: RowMatrix, mean: Float64Array): Float64Array {
  const matrix = new Float64Array(columns * columns);
  const centred = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < columns; c++) centred[c] = (values[row * columns + c] ?? 0) - (mean[c] ?? 0);
    for (let a = 0; a < columns; a++) {
      const scaled = (centred[a] ?? 0) / rows;
      for (let b = 0; b < columns; b++) matrix[a * columns + b] = (matrix[a * columns + b] ?? 0) + scaled * (centred[b] ?? 0);
    }
  }
  return matrix;
}

/** Turns the symmetric matrix into a diagonal one, in place. @returns its eigenvectors, one per column */
function diagonalise(matrix: Float64Array, n: number): Float64Array {
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const size = matrix.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < MOST_SWEEPS && besideDiagonal(matrix, n) > SETTLED * size; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(matrix, vectors, { n, p, q });
  }
  return vectors;
}

function besideDiagonal(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sum += 2 * (matrix[i * n + j] ?? 0) ** 2;
  return sum;
}

/** The rotation in the plane (p, q) that makes entry (p, q) 0. */
function rotate(
  matrix: Float64Array,
  vectors: Float64Array,
  { n, p, q }: { readonly n: number; readonly p: number; readonly q: number },
): void {
  const beside = matrix[p * n + q] ?? 0;
  if (beside === 0) return;
  const theta = ((matrix[q * n + q] ?? 0) - (matrix[p * n + p] ?? 0)) / (2 * beside);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const turn = { n, p, q, cosine, sine: tangent * cosine };
  turnColumns(matrix, turn);
  turnRows(matrix, turn);
  turnColumns(vectors, turn);
}

interface Turn {
  readonly n: number;
  readonly p: number;
  readonly q: number;
  readonly cosine: number;
  readonly sine: number;
}

function turnColumns(matrix: Float64Array, { n, p, q, cosine, sine }: Turn): void {
  for (let i = 0; i < n; i++) {
    const atP = matrix[i * n + p] ?? 0;
    const atQ = matrix[i * n + q] ?? 0;
    matrix[i * n + p] = cosine * atP - sine * atQ;
    matrix[i * n + q] = sine * atP + cosine * atQ;
  }
}

function turnRows(matrix: Float64Array, { n, p, q, cosine, sine }: Turn): void {
  for (let i = 0; i < n; i++) {
    const atP = matrix[p * n + i] ?? 0;
    const atQ = matrix[q * n + i] ?? 0;
    matrix[p * n + i] = cosine * atP - sine * atQ;
    matrix[q * n + i] = sine * atP + cosine * atQ;
  }
}
