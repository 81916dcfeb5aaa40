/**
 * Inverse of `ridge I + S` for a positive semi-definite S.
 *
 * Every pivot of such a matrix is at least `ridge`, so a smaller one is rounding (left behind, say, by a trial that was taken
 * out again) and is raised to it: the inverse always exists.
 *
 * @param triangle upper triangle of S by rows, shape [d (d + 1) / 2]
 * @param ridge positive
 * @param out receives the upper triangle of the inverse by rows, shape [d (d + 1) / 2]
 * @param work scratch, shape [d d]
 * @see Golub & Van Loan, Matrix Computations, 4th ed. (2013), section 4.2.5
 */
export function invertRidged(triangle: Float64Array, ridge: number, out: Float64Array, work: Float64Array): void {
  invertRidgedWithDeterminant(triangle, ridge, out, work);
}

/**
 * Solves (ridge I + S) w = b by the same factor, at a sixth of what the inverse costs.
 *
 * @param out receives w, shape [d]
 * @returns ln det(I + S / ridge)
 */
export function solveRidged(
  { triangle, vector }: { readonly triangle: Float64Array; readonly vector: Float64Array },
  ridge: number,
  { out, work }: { readonly out: Float64Array; readonly work: Float64Array },
): number {
  const d = out.length;
  unpack(triangle, ridge, work, d);
  factorise(work, d, ridge);
  forward(work, vector, out);
  backward(work, out);
  return ridgedLogDeterminant(work, d, ridge);
}

/** out = L^-1 vector */
function forward(work: Float64Array, vector: Float64Array, out: Float64Array): void {
  const d = out.length;
  for (let i = 0; i < d; i++) {
    let sum = vector[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (work[i * d + k] ?? 0) * (out[k] ?? 0);
    out[i] = sum / (work[i * d + i] ?? 1);
  }
}

/** out = L^-T out */
function backward(work: Float64Array, out: Float64Array): void {
  const d = out.length;
  for (let i = d - 1; i >= 0; i--) {
    let sum = out[i] ?? 0;
    for (let k = i + 1; k < d; k++) sum -= (work[k * d + i] ?? 0) * (out[k] ?? 0);
    out[i] = sum / (work[i * d + i] ?? 1);
  }
}

function ridgedLogDeterminant(work: Float64Array, d: number, ridge: number): number {
  let determinant = 0;
  for (let i = 0; i < d; i++) determinant += 2 * Math.log(work[i * d + i] ?? 1) - Math.log(ridge);
  return determinant;
}

/** Inverts as `invertRidged` does. @returns ln det(I + S / ridge) */
export function invertRidgedWithDeterminant(triangle: Float64Array, ridge: number, out: Float64Array, work: Float64Array): number {
  const d = Math.round(Math.sqrt(work.length));
  unpack(triangle, ridge, work, d);
  factorise(work, d, ridge);
  const determinant = ridgedLogDeterminant(work, d, ridge);
  invertFactor(work, d);
  multiplyFactor(work, out, d);
  return determinant;
}

/** Lower triangle of S + ridge I into a row-major square. */
function unpack(triangle: Float64Array, ridge: number, work: Float64Array, d: number): void {
  let at = 0;
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) work[j * d + i] = triangle[at++] ?? 0;
    work[i * d + i] = (work[i * d + i] ?? 0) + ridge;
  }
}

function dotRows(work: Float64Array, rowA: number, rowB: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += (work[rowA + k] ?? 0) * (work[rowB + k] ?? 0);
  return sum;
}

/** L of S = L L^T, in place. */
function factorise(work: Float64Array, d: number, ridge: number): void {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      const rest = (work[i * d + j] ?? 0) - dotRows(work, i * d, j * d, j);
      work[i * d + j] = rest / (work[j * d + j] ?? 1);
    }
    const pivot = (work[i * d + i] ?? 0) - dotRows(work, i * d, i * d, i);
    work[i * d + i] = Math.sqrt(Math.max(pivot, ridge));
  }
}

/** Writes the columns of the inverse W of L as rows of the upper triangle: work[j][i] = W[i][j], i >= j; L below stays. */
function invertFactor(work: Float64Array, d: number): void {
  const diagonal = Float64Array.from({ length: d }, (_, i) => work[i * d + i] ?? 1);
  for (let j = 0; j < d; j++) {
    work[j * d + j] = 1 / (diagonal[j] ?? 1);
    for (let i = j + 1; i < d; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += (work[i * d + k] ?? 0) * (work[j * d + k] ?? 0);
      work[j * d + i] = -sum / (diagonal[i] ?? 1);
    }
  }
}

/** Inverse = W^T W: entry (i, j), j >= i, is the product of columns i and j of W from row j on. */
function multiplyFactor(work: Float64Array, out: Float64Array, d: number): void {
  let at = 0;
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) out[at++] = dotRows(work, i * d + j, j * d + j, d - j);
  }
}
