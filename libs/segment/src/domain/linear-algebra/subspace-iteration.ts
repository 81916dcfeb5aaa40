import { invariant, rngFromNumber, type Rng } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';
import { addScaled } from './gram';
import { pointedUp, symmetricEigen } from './symmetric-eigen';

export interface SubspaceOptions {
  /** Eigenpairs wanted, at least 1. */
  readonly count: number;
  /** Further directions that are carried along: what makes the wanted ones converge. */
  readonly oversampling: number;
  readonly mostIterations: number;
  /** Stops when every wanted pair satisfies its equation to this share of the largest value. */
  readonly tolerance: number;
  readonly seed: number;
}

export interface LeadingEigen {
  /** Largest first; at most `count`. */
  readonly values: Float64Array;
  /** Row i is the unit vector of value i; its largest entry is positive. 0 where the matrix has no further direction. */
  readonly vectors: RowMatrix;
}

/**
 * The largest eigenpairs of G = A^T A from products G V alone: power iterations of a random block, made orthonormal every time, with the
 * best pairs that the block holds (Rayleigh-Ritz). It departs from its source in working with A^T A instead of A and A^T in turn, which
 * leaves nothing of the size of A's rows to keep, and in stopping as soon as the pairs are good.
 *
 * @param times G V for V of shape [size][any]
 * @see Halko, Martinsson & Tropp, Finding Structure with Randomness, SIAM Review 53 (2011), algorithms 4.4 and 5.3
 */
export function leadingEigen(times: (v: RowMatrix) => RowMatrix, size: number, options: SubspaceOptions): LeadingEigen {
  const { count, oversampling, mostIterations, tolerance, seed } = options;
  invariant(count >= 1 && size >= 1 && mostIterations >= 1, 'something to look for');
  const width = Math.min(size, count + oversampling);
  const wanted = Math.min(count, size);
  let basis = orthonormal(gaussian(width, size, rngFromNumber(seed)));
  for (let iteration = 1; ; iteration++) {
    const image = transposed(times(transposed(basis)));
    const ritz = symmetricEigen(timesTransposed(basis, image));
    const done = iteration >= mostIterations || worstResidual({ basis, image, ritz, wanted }) <= tolerance * (ritz.values[0] ?? 0);
    if (done) return leading(combined(ritz.vectors, basis), ritz.values, wanted);
    basis = orthonormal(image);
  }
}

/** Rows of independent standard normal numbers. @see Box & Muller, Annals of Mathematical Statistics 29 (1958) */
function gaussian(rows: number, columns: number, rng: Rng): RowMatrix {
  const draw = (): number => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  return { rows, columns, values: Float64Array.from({ length: rows * columns }, draw) };
}

const rowOf = ({ columns, values }: RowMatrix, row: number): Float64Array => values.subarray(row * columns, (row + 1) * columns);

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Below this share of its length, what is left of a row is rounding. */
const DEPENDENT = 1e-13;

/**
 * Makes rows orthonormal by Gram-Schmidt, twice over, which is as good as a QR decomposition by reflections. A row that depends on those
 * before becomes 0.
 *
 * @see Giraud, Langou, Rozloznik & van den Eshof, Numerische Mathematik 101 (2005): twice is enough
 */
export function orthonormal(matrix: RowMatrix): RowMatrix {
  const basis = { ...matrix, values: matrix.values.slice() };
  for (let i = 0; i < basis.rows; i++) {
    const row = rowOf(basis, i);
    const before = Math.sqrt(dot(row, row));
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) addScaled(row, rowOf(basis, j), -dot(row, rowOf(basis, j)));
    }
    const left = Math.sqrt(dot(row, row));
    if (left > DEPENDENT * before) for (let k = 0; k < row.length; k++) row[k] = (row[k] ?? 0) / left;
    else row.fill(0);
  }
  return basis;
}

function transposed({ rows, columns, values }: RowMatrix): RowMatrix {
  const turned = new Float64Array(values.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) turned[c * rows + r] = values[r * columns + c] ?? 0;
  return { rows: columns, columns: rows, values: turned };
}

/** A B^T. */
function timesTransposed(a: RowMatrix, b: RowMatrix): RowMatrix {
  const values = new Float64Array(a.rows * b.rows);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < b.rows; j++) values[i * b.rows + j] = dot(rowOf(a, i), rowOf(b, j));
  return { rows: a.rows, columns: b.rows, values };
}

/** Rows of `weights` times the rows of `basis`. */
function combined(weights: RowMatrix, basis: RowMatrix): RowMatrix {
  const out = { rows: weights.rows, columns: basis.columns, values: new Float64Array(weights.rows * basis.columns) };
  for (let i = 0; i < weights.rows; i++) {
    for (let j = 0; j < basis.rows; j++) addScaled(rowOf(out, i), rowOf(basis, j), weights.values[i * weights.columns + j] ?? 0);
  }
  return out;
}

interface RitzPairs {
  readonly basis: RowMatrix;
  readonly image: RowMatrix;
  readonly ritz: LeadingEigen;
  readonly wanted: number;
}

/** Largest length of G v - value v among the wanted pairs. */
function worstResidual({ basis, image, ritz, wanted }: RitzPairs): number {
  const vectors = combined(ritz.vectors, basis);
  const images = combined(ritz.vectors, image);
  let worst = 0;
  for (let i = 0; i < wanted; i++) {
    const residual = rowOf(images, i);
    addScaled(residual, rowOf(vectors, i), -(ritz.values[i] ?? 0));
    worst = Math.max(worst, Math.sqrt(dot(residual, residual)));
  }
  return worst;
}

function leading(vectors: RowMatrix, values: Float64Array, count: number): LeadingEigen {
  const kept = new Float64Array(count * vectors.columns);
  for (let i = 0; i < count; i++) kept.set(pointedUp(rowOf(vectors, i)), i * vectors.columns);
  return { values: values.slice(0, count), vectors: { rows: count, columns: vectors.columns, values: kept } };
}
