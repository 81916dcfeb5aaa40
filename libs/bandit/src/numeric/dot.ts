/** Sum of the first `count` products. Four running sums: a single one would wait for its own last addition. */
export function dot(left: Float64Array, right: Float64Array, count: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = count - (count % 4);
  for (let k = 0; k < whole; k += 4) {
    a += (left[k] ?? 0) * (right[k] ?? 0);
    b += (left[k + 1] ?? 0) * (right[k + 1] ?? 0);
    c += (left[k + 2] ?? 0) * (right[k + 2] ?? 0);
    d += (left[k + 3] ?? 0) * (right[k + 3] ?? 0);
  }
  return a + b + (c + d) + dotRange(left, right, whole, count);
}

/** Sum of products of the entries in [from, to). */
function dotRange(left: Float64Array, right: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += (left[k] ?? 0) * (right[k] ?? 0);
  return sum;
}
