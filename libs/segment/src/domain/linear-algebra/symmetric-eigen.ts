import { invariant } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';

export interface SymmetricEigen {
  /** Largest first. */
  readonly values: Float64Array;
  /** Row i is the unit vector of value i; its largest entry (the first of equals) is positive. */
  readonly vectors: RowMatrix;
}

/** Sweeps until convergence are six to ten; a matrix that needs more does not exist in practice. */
const MOST_SWEEPS = 60;
/** Off-diagonal mass, relative to the whole, at which the diagonal holds the values. */
const TIGHT = 1e-30;

/**
 * All eigenvalues and vectors of a symmetric matrix, by cyclic Jacobi rotations: about 10 n^3 steps and errors of a few units in the last
 * place of the largest value. For matrices of up to some hundred columns.
 *
 * @param matrix square; only its symmetric part matters
 * @see Golub & Van Loan, Matrix Computations, 4th ed. (2013), section 8.5
 */
export function symmetricEigen({ rows: n, columns, values }: RowMatrix): SymmetricEigen {
  invariant(n === columns, 'eigenvalues belong to a square matrix');
  const unit = powerOfTwoIn(values); // squares of very small or large entries would leave the range of doubles
  const a = values.map((value) => value / unit);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i] = ((a[i * n + j] ?? 0) + (a[j * n + i] ?? 0)) / 2;
  const vectors = identity(n);
  const total = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a, n) > TIGHT * total; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, vectors, { n, p, q });
  }
  const sorted = sortedEigen(a, vectors, n);
  return { ...sorted, values: sorted.values.map((value) => value * unit) };
}

/** The power of two at or below the largest entry: dividing by it changes no digit. 1 for a matrix of zeros. */
function powerOfTwoIn(values: Float64Array): number {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return largest === 0 ? 1 : 2 ** Math.floor(Math.log2(largest));
}

function identity(n: number): Float64Array {
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) values[i * n + i] = 1;
  return values;
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += 2 * (a[i * n + j] ?? 0) ** 2;
  return sum;
}

/** Zeroes entry (p, q) by the smaller of the two angles, and turns the vectors (rows of `vectors`) with it. */
function rotate(a: Float64Array, vectors: Float64Array, { n, p, q }: { readonly n: number; readonly p: number; readonly q: number }): void {
  const apq = a[p * n + q] ?? 0;
  if (apq === 0) return;
  const app = a[p * n + p] ?? 0;
  const aqq = a[q * n + q] ?? 0;
  const theta = (aqq - app) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  turnRows(a, { n, p, q, c, s });
  for (let k = 0; k < n; k++) {
    a[k * n + p] = a[p * n + k] ?? 0;
    a[k * n + q] = a[q * n + k] ?? 0;
  }
  a[p * n + p] = app - t * apq;
  a[q * n + q] = aqq + t * apq;
  a[p * n + q] = a[q * n + p] = 0;
  turnRows(vectors, { n, p, q, c, s });
}

interface Turn {
  readonly n: number;
  readonly p: number;
  readonly q: number;
  readonly c: number;
  readonly s: number;
}

function turnRows(values: Float64Array, { n, p, q, c, s }: Turn): void {
  for (let k = 0; k < n; k++) {
    const x = values[p * n + k] ?? 0;
    const y = values[q * n + k] ?? 0;
    values[p * n + k] = c * x - s * y;
    values[q * n + k] = s * x + c * y;
  }
}

function sortedEigen(a: Float64Array, vectors: Float64Array, n: number): SymmetricEigen {
  const order = [...Array(n).keys()].sort((i, j) => (a[j * n + j] ?? 0) - (a[i * n + i] ?? 0) || i - j);
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => sorted.set(pointedUp(vectors.subarray(from * n, (from + 1) * n)), to * n));
  return { values: Float64Array.from(order, (i) => a[i * n + i] ?? 0), vectors: { rows: n, columns: n, values: sorted } };
}

/** The vector or its opposite, whichever has its largest entry positive: the sign of an eigenvector is free, ours is not. */
export function pointedUp(vector: Float64Array): Float64Array {
  let largest = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? vector.map((value) => 0 - value) : vector.slice();
}
