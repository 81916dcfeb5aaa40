/**
 * Symmetric positive definite matrices as P = L D L^T with a unit lower triangular L and a diagonal D.
 *
 * Packed by columns of L: D_0, L_10, L_20, ..., D_1, L_21, ...; shape [d (d + 1) / 2]. A factor may lie inside a larger array,
 * from `at` on, which is how statistics keep it. No square roots, and a rank-one change costs O(d^2).
 *
 * @see Golub & Van Loan, Matrix Computations, 4th ed. (2013), section 4.1
 */
export interface LdlFactor {
  readonly numbers: Float64Array;
  readonly at: number;
}

/** Writes the factor of `ridge I`. */
export function ldlOfRidge({ numbers, at }: LdlFactor, dimension: number, ridge: number): void {
  let column = at;
  for (let k = 0; k < dimension; k++) {
    numbers[column] = ridge;
    numbers.fill(0, column + 1, column + dimension - k);
    column += dimension - k;
  }
}

/**
 * Factor of `ridge I + S` for a positive semi-definite S. Every pivot of such a matrix is at least `ridge`, so a smaller one is
 * rounding (left behind, say, by a trial that was taken out again) and is raised to it: the factor always exists.
 *
 * @param triangle upper triangle of S by rows, shape [d (d + 1) / 2]; overwritten by the factor
 * @param ridge positive
 */
export function ldlFactorise(triangle: Float64Array, dimension: number, ridge: number): void {
  let row = 0; // row + i is the place of entry (k, k + i)
  for (let k = 0; k < dimension; k++) {
    const rest = dimension - k;
    const pivot = Math.max((triangle[row] ?? 0) + ridge, ridge);
    triangle[row] = pivot;
    eliminate(triangle, row, rest, pivot);
    for (let i = 1; i < rest; i++) triangle[row + i] = (triangle[row + i] ?? 0) / pivot;
    row += rest;
  }
}

/** Takes the k-th column's part out of all rows below it. */
function eliminate(triangle: Float64Array, row: number, rest: number, pivot: number): void {
  let target = row + rest;
  for (let i = 1; i < rest; i++) {
    const share = (triangle[row + i] ?? 0) / pivot;
    if (share !== 0) {
      for (let j = i; j < rest; j++) triangle[target + j - i] = (triangle[target + j - i] ?? 0) - share * (triangle[row + j] ?? 0);
    }
    target += rest - i;
  }
}

/** Replaces x by z = L^-1 x and returns x^T P^-1 x = sum z_k^2 / D_k. @param x shape [dimension] */
export function ldlForward({ numbers, at }: LdlFactor, x: Float64Array, dimension: number): number {
  let sum = 0;
  let column = at;
  for (let k = 0; k < dimension; k++) {
    const z = x[k] ?? 0;
    const rest = dimension - k;
    if (z !== 0) {
      sum += (z * z) / (numbers[column] ?? 1);
      for (let i = 1; i < rest; i++) x[k + i] = (x[k + i] ?? 0) - (numbers[column + i] ?? 0) * z;
    }
    column += rest;
  }
  return sum;
}

/** Replaces z = L^-1 x, as `ldlForward` leaves it, by P^-1 x. @param z shape [dimension] */
export function ldlBackward({ numbers, at }: LdlFactor, z: Float64Array, dimension: number): void {
  let column = at + (dimension * (dimension + 1)) / 2;
  for (let k = dimension - 1; k >= 0; k--) {
    const rest = dimension - k;
    column -= rest;
    let value = (z[k] ?? 0) / (numbers[column] ?? 1);
    for (let i = 1; i < rest; i++) value -= (numbers[column + i] ?? 0) * (z[k + i] ?? 0);
    z[k] = value;
  }
}

/**
 * P += weight x x^T, in place; backward stable for a positive weight. A negative one must leave P positive definite,
 * which it does when |weight| x^T P^-1 x < 1.
 *
 * @param x shape [dimension]; overwritten
 * @see Gill, Golub, Murray & Saunders, Methods for Modifying Matrix Factorizations, Math. Comp. 28 (1974), method C1
 */
export function ldlUpdate({ numbers, at }: LdlFactor, weight: number, x: Float64Array): void {
  const dimension = x.length;
  let alpha = weight;
  let column = at;
  for (let k = 0; k < dimension; k++) {
    const p = x[k] ?? 0;
    const rest = dimension - k;
    if (p !== 0) {
      const before = numbers[column] ?? 0;
      const after = before + alpha * p * p;
      numbers[column] = after;
      const beta = (alpha * p) / after;
      alpha *= before / after;
      for (let i = 1; i < rest; i++) {
        const entry = numbers[column + i] ?? 0;
        const left = (x[k + i] ?? 0) - p * entry;
        x[k + i] = left;
        numbers[column + i] = entry + beta * left;
      }
    }
    column += rest;
  }
}
