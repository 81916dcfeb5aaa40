/**
 * Products with symmetric matrices kept as their upper triangle by rows: entry (i, j), j >= i, lies at `i d - i (i - 1) / 2 + j - i`.
 * Contexts are mostly sparse (one-hot features), so zeros of the vector are passed over.
 */

/** out = S x. @param x shape [d] @param out shape [d] */
export function multiplySymmetric(triangle: Float64Array, x: Float64Array, out: Float64Array): void {
  const d = x.length;
  out.fill(0);
  for (let j = 0; j < d; j++) {
    const weight = x[j] ?? 0;
    if (weight === 0) continue;
    let at = j; // entry (0, j); the one below it in the column is d - i - 1 further
    for (let i = 0; i < j; i++) {
      out[i] = (out[i] ?? 0) + weight * (triangle[at] ?? 0);
      at += d - i - 1;
    }
    for (let i = j; i < d; i++) out[i] = (out[i] ?? 0) + weight * (triangle[at + i - j] ?? 0);
  }
}

/** S += scale v v^T. @param v shape [d] */
export function addOuterProduct(triangle: Float64Array, v: Float64Array, scale: number): void {
  const d = v.length;
  let row = 0; // row + j is the place of entry (i, j)
  for (let i = 0; i < d; i++) {
    const weight = scale * (v[i] ?? 0);
    if (weight !== 0) for (let j = i; j < d; j++) triangle[row + j] = (triangle[row + j] ?? 0) + weight * (v[j] ?? 0);
    row += d - i - 1;
  }
}
