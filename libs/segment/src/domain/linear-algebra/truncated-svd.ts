import type { RowMatrix } from '../row-matrix';
import { sparseGramTimes, sparseProject, type SparseMatrix } from './sparse-matrix';
import { leadingEigen } from './subspace-iteration';

export interface TruncatedSvdOptions {
  /** Singular values wanted, at least 1; at most as many as columns come back. */
  readonly components: number;
  readonly seed: number;
}

export interface TruncatedSvd {
  /** Largest first. */
  readonly singularValues: Float64Array;
  /** Row i is the right singular vector of value i; its largest entry is positive. */
  readonly components: RowMatrix;
  /** The rows along the components: U times the singular values. */
  readonly projected: RowMatrix;
}

/** Residuals of 1e-12 leave vectors good to 1e-9 or better unless neighbouring values all but coincide. */
const TOLERANCE = 1e-12;
/** Of the largest square: what rounding leaves of those that are 0. */
const NOISE = 1e-14;
const MOST_ITERATIONS = 500;
const OVERSAMPLING = 12;

/**
 * The largest singular values of a sparse matrix and their right vectors, without ever making it dense: time goes with the values that are
 * there. Values below 1e-7 of the largest come back as 0: as only A^T A is looked at, they are noise.
 */
export function truncatedSvdSparse(matrix: SparseMatrix, { components, seed }: TruncatedSvdOptions): TruncatedSvd {
  const { values, vectors } = leadingEigen((v) => sparseGramTimes(matrix, v), matrix.columns, {
    count: components,
    oversampling: OVERSAMPLING,
    mostIterations: MOST_ITERATIONS,
    tolerance: TOLERANCE,
    seed,
  });
  return {
    singularValues: values.map((value) => (value > NOISE * (values[0] ?? 0) ? Math.sqrt(value) : 0)),
    components: vectors,
    projected: sparseProject(matrix, vectors),
  };
}
