/**
 * AssemblyScript, not TypeScript: the inner loops of following a ridge regression, two doubles at a time. `npm run wasm` compiles it into
 * `src/numeric/ridge-kernel.bytes.ts`; `src/numeric/symmetric.ts` holds the same loops for where there is no WebAssembly, and says how a
 * symmetric matrix is laid out. Addresses are in bytes, lengths in doubles.
 */
@inline
function at(base: usize, i: i32): usize {
  return base + ((<usize>i) << 3);
}

/** Address of entry (i, 0) of a full row, of which the first i do not exist: entry (i, j), j >= i, lies j doubles on. */
@inline
function rowAt(triangle: usize, d: i32, i: i32): usize {
  return at(triangle, i * d - ((i * (i + 1)) >> 1));
}

/** Sum of v_j x_j over the places of x that are not 0. */
export function sparseDot(v: usize, x: usize, places: usize, lit: i32): f64 {
  let sum: f64 = 0;
  for (let k: i32 = 0; k < lit; k++) {
    const j = load<i32>(places + ((<usize>k) << 2));
    sum += load<f64>(at(v, j)) * load<f64>(at(x, j));
  }
  return sum;
}

/** x^T S x. @param places ascending places of the `lit` values of x that are not 0, 32 bits each */
export function quadraticForm(d: i32, triangle: usize, x: usize, places: usize, lit: i32): f64 {
  let total: f64 = 0;
  for (let k: i32 = 0; k < lit; k++) {
    const i = load<i32>(places + ((<usize>k) << 2));
    const row = rowAt(triangle, d, i);
    const xi = load<f64>(at(x, i));
    let even: f64 = 0.5 * xi * load<f64>(at(row, i));
    let odd: f64 = 0;
    let l: i32 = k + 1;
    for (; l + 1 < lit; l += 2) {
      const j = load<i32>(places + ((<usize>l) << 2));
      const h = load<i32>(places + ((<usize>l) << 2), 4);
      even += load<f64>(at(row, j)) * load<f64>(at(x, j));
      odd += load<f64>(at(row, h)) * load<f64>(at(x, h));
    }
    if (l < lit) {
      const j = load<i32>(places + ((<usize>l) << 2));
      even += load<f64>(at(row, j)) * load<f64>(at(x, j));
    }
    total += 2 * xi * (even + odd);
  }
  return total;
}

/** out = S x: what lies right of the diagonal row by row, then what lies below it by whole rows of the transpose. */
export function multiply(d: i32, triangle: usize, x: usize, places: usize, lit: i32, out: usize): void {
  let first: i32 = 0;
  for (let i: i32 = 0; i < d; i++) {
    while (first < lit && load<i32>(places + ((<usize>first) << 2)) <= i) first++;
    const row = rowAt(triangle, d, i);
    let even: f64 = 0;
    let odd: f64 = 0;
    let l = first;
    for (; l + 1 < lit; l += 2) {
      const j = load<i32>(places + ((<usize>l) << 2));
      const h = load<i32>(places + ((<usize>l) << 2), 4);
      even += load<f64>(at(row, j)) * load<f64>(at(x, j));
      odd += load<f64>(at(row, h)) * load<f64>(at(x, h));
    }
    if (l < lit) {
      const j = load<i32>(places + ((<usize>l) << 2));
      even += load<f64>(at(row, j)) * load<f64>(at(x, j));
    }
    store<f64>(at(out, i), even + odd);
  }
  for (let k: i32 = 0; k < lit; k++) {
    const i = load<i32>(places + ((<usize>k) << 2));
    addScaled(d - i, at(out, i), at(rowAt(triangle, d, i), i), load<f64>(at(x, i)));
  }
}

/** S += sum over four rows v of `vectors` of scale v v^T, in one pass: reading and writing S is what costs. */
export function addFourOuterProducts(d: i32, triangle: usize, vectors: usize, scales: usize): void {
  const stride: usize = at(0, d);
  let p = triangle;
  for (let i: i32 = 0; i < d; i++) {
    let q = at(vectors, i);
    const end = at(vectors, d);
    const a = load<f64>(scales) * load<f64>(q);
    const b = load<f64>(scales, 8) * load<f64>(q + stride);
    const c = load<f64>(scales, 16) * load<f64>(q + 2 * stride);
    const e = load<f64>(scales, 24) * load<f64>(q + 3 * stride);
    const aa = f64x2.splat(a);
    const bb = f64x2.splat(b);
    const cc = f64x2.splat(c);
    const ee = f64x2.splat(e);
    for (; q + 8 < end; q += 16) {
      const first = v128.add<f64>(v128.mul<f64>(aa, v128.load(q)), v128.mul<f64>(bb, v128.load(q + stride)));
      const second = v128.add<f64>(v128.mul<f64>(cc, v128.load(q + 2 * stride)), v128.mul<f64>(ee, v128.load(q + 3 * stride)));
      v128.store(p, v128.add<f64>(v128.load(p), v128.add<f64>(first, second)));
      p += 16;
    }
    if (q < end) {
      const first = a * load<f64>(q) + b * load<f64>(q + stride);
      store<f64>(p, load<f64>(p) + (first + (c * load<f64>(q + 2 * stride) + e * load<f64>(q + 3 * stride))));
      p += 8;
    }
  }
}

/** a += scale b */
export function addScaled(n: i32, a: usize, b: usize, scale: f64): void {
  const both = f64x2.splat(scale);
  let i: i32 = 0;
  for (; i + 3 < n; i += 4) {
    const to = at(a, i);
    const from = at(b, i);
    v128.store(to, v128.add<f64>(v128.load(to), v128.mul<f64>(both, v128.load(from))));
    v128.store(to, v128.add<f64>(v128.load(to, 16), v128.mul<f64>(both, v128.load(from, 16))), 16);
  }
  for (; i < n; i++) store<f64>(at(a, i), load<f64>(at(a, i)) + scale * load<f64>(at(b, i)));
}

export function dot(n: i32, a: usize, b: usize): f64 {
  let first = f64x2.splat(0);
  let second = f64x2.splat(0);
  let i: i32 = 0;
  for (; i + 3 < n; i += 4) {
    first = v128.add<f64>(first, v128.mul<f64>(v128.load(at(a, i)), v128.load(at(b, i))));
    second = v128.add<f64>(second, v128.mul<f64>(v128.load(at(a, i), 16), v128.load(at(b, i), 16)));
  }
  const both = v128.add<f64>(first, second);
  let sum = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (; i < n; i++) sum += load<f64>(at(a, i)) * load<f64>(at(b, i));
  return sum;
}
