/**
 * AssemblyScript, not TypeScript: the inner loops of k-means, two doubles at a time. `npm run wasm` compiles it into
 * `src/domain/clustering/clustering-kernel.bytes.ts`; `src/domain/clustering/clustering-kernel.ts` lays out the memory.
 *
 * Lanes hold different centroids, never different columns of one: each distance is summed column by column, so it has the very bits of the
 * plain loop (`squaredDistance`), and a row gets here the label that it would get online. Centroids lie in groups of four, columns outermost:
 * value (c, j) of a group is the double 4 c + j. Addresses are in bytes, other numbers count.
 */
const FOUR_DOUBLES: usize = 32;

@inline
function double(n: i32): usize {
  return (<usize>n) << 3;
}

/** Squared distances of four rows to the four centroids of a group: value (row, j) of the answer is the double 4 row + j. */
function fourByFour(columns: i32, rows: usize, group: usize, out: usize): void {
  const stride = double(columns);
  let a0 = f64x2.splat(0), a1 = f64x2.splat(0);
  let b0 = f64x2.splat(0), b1 = f64x2.splat(0);
  let c0 = f64x2.splat(0), c1 = f64x2.splat(0);
  let d0 = f64x2.splat(0), d1 = f64x2.splat(0);
  const end = rows + stride;
  for (let p = rows; p < end; p += 8) {
    const first = v128.load(group);
    const second = v128.load(group, 16);
    group += FOUR_DOUBLES;
    let x = v128.load_splat<f64>(p);
    let y = f64x2.sub(x, first);
    let z = f64x2.sub(x, second);
    a0 = f64x2.add(a0, f64x2.mul(y, y));
    a1 = f64x2.add(a1, f64x2.mul(z, z));
    x = v128.load_splat<f64>(p + stride);
    y = f64x2.sub(x, first);
    z = f64x2.sub(x, second);
    b0 = f64x2.add(b0, f64x2.mul(y, y));
    b1 = f64x2.add(b1, f64x2.mul(z, z));
    x = v128.load_splat<f64>(p + 2 * stride);
    y = f64x2.sub(x, first);
    z = f64x2.sub(x, second);
    c0 = f64x2.add(c0, f64x2.mul(y, y));
    c1 = f64x2.add(c1, f64x2.mul(z, z));
    x = v128.load_splat<f64>(p + 3 * stride);
    y = f64x2.sub(x, first);
    z = f64x2.sub(x, second);
    d0 = f64x2.add(d0, f64x2.mul(y, y));
    d1 = f64x2.add(d1, f64x2.mul(z, z));
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, b0, 32);
  v128.store(out, b1, 48);
  v128.store(out, c0, 64);
  v128.store(out, c1, 80);
  v128.store(out, d0, 96);
  v128.store(out, d1, 112);
}

/** Squared distance of every row to each centroid of one group, four to a row. @param rows how many, a multiple of 4 */
export function distances(rows: i32, columns: i32, rowsAt: usize, group: usize, out: usize): void {
  for (let row: i32 = 0; row < rows; row += 4) {
    fourByFour(columns, rowsAt, group, out);
    rowsAt += 4 * double(columns);
    out += 4 * FOUR_DOUBLES;
  }
}

/**
 * Nearest centroid of every row, the first of equals, and the squared distance to it.
 *
 * @param rows how many, a multiple of 4
 * @param groups how many groups of four centroids lie at `centroids`; what fills up the last one lies infinitely far
 * @param labels 32 bits each
 * @param scratch for 48 doubles
 */
export function assign(
  rows: i32, columns: i32, rowsAt: usize, groups: i32, centroids: usize, labels: usize, nearest: usize, scratch: usize,
): void {
  const groupBytes = double(columns) << 2;
  // For each of four rows and four places in a group, the least distance and the number of its group.
  const least = scratch + 16 * 8;
  const inGroup = scratch + 32 * 8;
  const far = f64x2.splat(f64.MAX_VALUE);
  for (let row: i32 = 0; row < rows; row += 4) {
    for (let at: usize = 0; at < 128; at += 16) {
      v128.store(least + at, far);
      v128.store(inGroup + at, i64x2.splat(0));
    }
    let group = centroids;
    for (let g: i32 = 0; g < groups; g++) {
      fourByFour(columns, rowsAt, group, scratch);
      const number = i64x2.splat(<i64>g);
      for (let at: usize = 0; at < 128; at += 16) {
        const distance = v128.load(scratch + at);
        const known = v128.load(least + at);
        const nearer = f64x2.lt(distance, known);
        v128.store(least + at, v128.bitselect(distance, known, nearer));
        v128.store(inGroup + at, v128.bitselect(number, v128.load(inGroup + at), nearer));
      }
      group += groupBytes;
    }
    for (let i: usize = 0; i < 4; i++) {
      const at = i * FOUR_DOUBLES;
      let distance = load<f64>(least + at);
      let label = <i32>load<i64>(inGroup + at) << 2;
      for (let j: i32 = 1; j < 4; j++) {
        const other = load<f64>(least + at + double(j));
        const place = (<i32>load<i64>(inGroup + at + double(j)) << 2) + j;
        const better = other < distance || (other == distance && place < label);
        distance = select<f64>(other, distance, better);
        label = select<i32>(place, label, better);
      }
      store<f64>(nearest + double(<i32>i), distance);
      store<i32>(labels + (i << 2), label);
    }
    rowsAt += 4 * double(columns);
    labels += 16;
    nearest += FOUR_DOUBLES;
  }
}

/** Adds every row to the sum of its cluster, and counts it. @param sums shape [k][columns] @param sizes 32 bits each */
export function accumulate(rows: i32, columns: i32, rowsAt: usize, labels: usize, sums: usize, sizes: usize): void {
  const stride = double(columns);
  for (let row: i32 = 0; row < rows; row++) {
    const label = load<i32>(labels + ((<usize>row) << 2));
    const size = sizes + ((<usize>label) << 2);
    store<i32>(size, load<i32>(size) + 1);
    let to = sums + (<usize>label) * stride;
    const end = rowsAt + stride;
    for (; rowsAt + 8 < end; rowsAt += 16) {
      v128.store(to, f64x2.add(v128.load(to), v128.load(rowsAt)));
      to += 16;
    }
    if (rowsAt < end) {
      store<f64>(to, load<f64>(to) + load<f64>(rowsAt));
      rowsAt += 8;
    }
  }
}
