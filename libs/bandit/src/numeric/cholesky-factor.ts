/** Row-major squares hold L below and on the diagonal; what lies above is not read. */

const LEAST_PIVOT = 1e-300;

/**
 * L of S = L L^T, in place, for a positive definite S given by its lower triangle.
 *
 * @param least smallest pivot that S can have; a smaller one is rounding and is raised to it
 * @returns the logarithm of the determinant of S
 * @see Golub & Van Loan, Matrix Computations, 4th ed. (2013), section 4.2.5
 */
export function choleskyFactor(square: Float64Array, order: number, least = LEAST_PIVOT): number {
  let logDeterminant = 0;
  for (let i = 0; i < order; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = square[i * order + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (square[i * order + k] ?? 0) * (square[j * order + k] ?? 0);
      if (j < i) square[i * order + j] = sum / (square[j * order + j] ?? 1);
      else {
        const pivot = Math.max(sum, least);
        square[i * order + i] = Math.sqrt(pivot);
        logDeterminant += Math.log(pivot);
      }
    }
  }
  return logDeterminant;
}

/** Replaces b by the solution of L L^T x = b. */
export function solveFactored(factor: Float64Array, order: number, b: Float64Array): void {
  for (let i = 0; i < order; i++) {
    const known = dotStrided(factor, { from: i * order, step: 1 }, b.subarray(0, i));
    b[i] = ((b[i] ?? 0) - known) / (factor[i * order + i] ?? 1);
  }
  for (let i = order - 1; i >= 0; i--) {
    const known = dotStrided(factor, { from: (i + 1) * order + i, step: order }, b.subarray(i + 1, order));
    b[i] = ((b[i] ?? 0) - known) / (factor[i * order + i] ?? 1);
  }
}

/** Product of a row (step 1) or a column (step = order) with a vector. */
function dotStrided(factor: Float64Array, { from, step }: { readonly from: number; readonly step: number }, vector: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < vector.length; k++) sum += (factor[from + k * step] ?? 0) * (vector[k] ?? 0);
  return sum;
}

/**
 * The inverse of L, transposed: row j of the result is column j of L^-1 and starts at its diagonal. So S^-1 = R R^T, and the
 * quadratic form x^T S^-1 x is the squared length of the rows' sum weighted by x.
 */
export function invertedFactorRows(factor: Float64Array, order: number): Float64Array {
  const rows = new Float64Array(order * order);
  for (let j = 0; j < order; j++) {
    rows[j * order + j] = 1 / (factor[j * order + j] ?? 1);
    for (let i = j + 1; i < order; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += (factor[i * order + k] ?? 0) * (rows[j * order + k] ?? 0);
      rows[j * order + i] = -sum / (factor[i * order + i] ?? 1);
    }
  }
  return rows;
}
