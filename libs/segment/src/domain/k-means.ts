import { invariant, type Rng } from '@vitrine/kernel';
import { squaredDistance, type RowMatrix } from './row-matrix';
import { SLICE_OPERATIONS, type Steps } from './steps';

export interface KMeansOptions {
  /** Clusters wanted, >= 1; fewer come back when there are fewer distinct rows. */
  readonly k: number;
  /** Seedings tried; the one with the lowest inertia wins. */
  readonly restarts: number;
  readonly maxIterations: number;
}

export interface Clustering {
  readonly centroids: RowMatrix;
  readonly labels: Int32Array;
  /** Rows per cluster. */
  readonly sizes: Int32Array;
  /** Sum over rows of the squared distance to their centroid. */
  readonly inertia: number;
  readonly iterations: number;
}

/** Best of several k-means++ seedings, each refined by Lloyd's algorithm. Deterministic in the rows' order and the generator. */
export function* kMeans(data: RowMatrix, options: KMeansOptions, rng: Rng): Steps<Clustering> {
  invariant(data.rows > 0 && options.k >= 1 && options.restarts >= 1, 'k-means needs rows, clusters and a seeding');
  let best: Clustering | null = null;
  for (let restart = 0; restart < options.restarts; restart++) {
    const seeds = yield* seedCentroids(data, options.k, rng);
    const found = yield* refine(data, seeds, options.maxIterations);
    if (best === null || found.inertia < best.inertia) best = found;
  }
  invariant(best !== null, 'at least one seeding ran');
  return best;
}

/**
 * k-means++: each next centroid is a row drawn with probability proportional to its squared distance to the nearest one so far.
 *
 * @returns at most k rows of the data, all distinct
 * @see Arthur & Vassilvitskii, k-means++: The Advantages of Careful Seeding, SODA 2007, section 2.2
 */
export function* seedCentroids(data: RowMatrix, k: number, rng: Rng): Steps<RowMatrix> {
  const { rows, columns, values } = data;
  const distances = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const chosen = new Float64Array(k * columns);
  let next = Math.min(rows - 1, Math.floor(rng() * rows));
  let count = 0;
  for (;;) {
    chosen.set(values.subarray(next * columns, (next + 1) * columns), count * columns);
    count++;
    if (count === k) break;
    const total = yield* nearTo(data, next, distances);
    if (total === 0) break; // every row already is a centroid
    next = drawProportionally(distances, rng() * total);
  }
  return { rows: count, columns, values: chosen.slice(0, count * columns) };
}

/** Lowers each row's distance to the nearest centroid by one more, the row `centroid`. @returns their sum */
function* nearTo(data: RowMatrix, centroid: number, distances: Float64Array): Steps<number> {
  const { rows, columns } = data;
  const slice = Math.max(1, Math.floor(SLICE_OPERATIONS / columns));
  let total = 0;
  for (let row = 0; row < rows; row++) {
    if (row % slice === slice - 1) yield;
    const distance = Math.min(distances[row] ?? 0, squaredDistance(data, row, data, centroid));
    distances[row] = distance;
    total += distance;
  }
  return total;
}

/** First row whose running sum of weights exceeds `target`; rounding at the far end falls back to the last row that weighs anything. */
function drawProportionally(weights: Float64Array, target: number): number {
  let sum = 0;
  let last = 0;
  for (let row = 0; row < weights.length; row++) {
    const weight = weights[row] ?? 0;
    if (weight === 0) continue;
    last = row;
    sum += weight;
    if (sum > target) return row;
  }
  return last;
}

/**
 * Lloyd's algorithm until no row changes its cluster. A cluster that runs empty takes over the row that lies farthest from its centroid.
 *
 * @see Lloyd, Least Squares Quantization in PCM, IEEE Trans. Inf. Theory 28 (1982)
 */
function* refine(data: RowMatrix, seeds: RowMatrix, maxIterations: number): Steps<Clustering> {
  const centroids = { ...seeds, values: seeds.values.slice() };
  const labels = new Int32Array(data.rows).fill(-1);
  const distances = new Float64Array(data.rows);
  for (let iteration = 1; ; iteration++) {
    const changed = yield* assignNearest(data, centroids, labels, distances);
    if (changed === 0 || iteration >= maxIterations) {
      return { centroids, labels, sizes: sizesOf(labels, centroids.rows), inertia: sum(distances), iterations: iteration };
    }
    moveToMeans(data, centroids, labels, distances);
    yield; // also when the rows are so few that no pass is cut: a search makes thousands of passes
  }
}

/**
 * Labels each row with its nearest centroid (the first of equals).
 *
 * @param labels read for what changed and overwritten, shape [rows]
 * @param distances receives the squared distance to that centroid, shape [rows]
 * @returns how many rows changed their label
 */
export function* assignNearest(data: RowMatrix, centroids: RowMatrix, labels: Int32Array, distances: Float64Array): Steps<number> {
  const { rows, columns } = data;
  const slice = Math.max(1, Math.floor(SLICE_OPERATIONS / (columns * centroids.rows)));
  let changed = 0;
  for (let row = 0; row < rows; row++) {
    if (row % slice === slice - 1) yield;
    let nearest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let c = 0; c < centroids.rows; c++) {
      const distance = squaredDistance(data, row, centroids, c);
      if (distance >= least) continue;
      least = distance;
      nearest = c;
    }
    if (labels[row] !== nearest) changed++;
    labels[row] = nearest;
    distances[row] = least;
  }
  return changed;
}

function moveToMeans(data: RowMatrix, centroids: RowMatrix, labels: Int32Array, distances: Float64Array): void {
  const { rows, columns, values } = data;
  const sizes = sizesOf(labels, centroids.rows);
  centroids.values.fill(0);
  for (let row = 0; row < rows; row++) {
    const at = (labels[row] ?? 0) * columns;
    for (let c = 0; c < columns; c++) centroids.values[at + c] = (centroids.values[at + c] ?? 0) + (values[row * columns + c] ?? 0);
  }
  sizes.forEach((size, cluster) => {
    const at = cluster * columns;
    if (size > 0) for (let c = 0; c < columns; c++) centroids.values[at + c] = (centroids.values[at + c] ?? 0) / size;
    else adoptFarthest(data, centroids.values.subarray(at, at + columns), distances);
  });
}

function adoptFarthest({ columns, values }: RowMatrix, centroid: Float64Array, distances: Float64Array): void {
  let farthest = 0;
  for (let row = 1; row < distances.length; row++) if ((distances[row] ?? 0) > (distances[farthest] ?? 0)) farthest = row;
  centroid.set(values.subarray(farthest * columns, (farthest + 1) * columns));
  distances[farthest] = 0; // a second empty cluster must take another row
}

export function sizesOf(labels: Int32Array, k: number): Int32Array {
  const sizes = new Int32Array(k);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  return sizes;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
