import { invariant } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';
import { forEachBlock, type ClusteringSpace } from './clustering-kernel';

/** Where every row is, and how far from its centroid. */
export interface Assignment {
  readonly labels: Int32Array;
  /** Squared distance of every row to its centroid. */
  readonly distances: Float64Array;
}

export interface LloydRun extends Assignment {
  readonly centroids: RowMatrix;
  /** Rows per cluster. */
  readonly sizes: Int32Array;
  readonly inertia: number;
  readonly iterations: number;
}

export interface LloydRules {
  readonly maxIterations: number;
  /** Sum over centroids of their squared movement at which a run has converged. */
  readonly settledShift: number;
}

/**
 * Lloyd's algorithm, in float64 and in the order of the rows: until no row changes its cluster, the centroids hardly move, or the passes are
 * used up. The labels, distances and inertia are those of the centroids that are returned.
 *
 * Stops where scikit-learn's `KMeans(algorithm="lloyd")` stops, and treats empty clusters alike (`moveToMeans`).
 *
 * @see Lloyd, Least Squares Quantization in PCM, IEEE Trans. Inf. Theory 28 (1982)
 */
export function runLloyd(space: ClusteringSpace, data: RowMatrix, start: RowMatrix, rules: LloydRules): LloydRun {
  const assignment = { labels: new Int32Array(data.rows).fill(-1), distances: new Float64Array(data.rows) };
  const { maxIterations, settledShift } = rules;
  let centroids = start;
  for (let iterations = 1; ; iterations++) {
    const { changed, inertia } = assignAll(space, data, centroids, assignment);
    const moved = moveToMeans(space, data, centroids, assignment);
    const shift = squaredShift(centroids, moved);
    centroids = moved;
    if (shift === 0) return { ...assignment, centroids, sizes: sizesOf(space, centroids), inertia, iterations };
    if (changed > 0 && shift > settledShift && iterations < maxIterations) continue;
    const last = assignAll(space, data, centroids, assignment);
    return { ...assignment, centroids, sizes: sizesOf(space, centroids), inertia: last.inertia, iterations };
  }
}

/**
 * Passes over all rows while moving the centroids gains at least a share of the inertia; how much the move to the means will gain at least is
 * known beforehand, so a good start is labelled once and returned as it is.
 */
export function settle(
  space: ClusteringSpace,
  data: RowMatrix,
  start: RowMatrix,
  { maxIterations, leastGain }: { readonly maxIterations: number; readonly leastGain: number },
): LloydRun {
  const assignment = { labels: new Int32Array(data.rows), distances: new Float64Array(data.rows) };
  let centroids = start;
  for (let iterations = 0; ; iterations++) {
    const { inertia } = assignAll(space, data, centroids, assignment);
    const moved = moveToMeans(space, data, centroids, assignment);
    const worthwhile = inertia > 0 && gainOf(space, centroids, moved) >= leastGain * inertia;
    if (!worthwhile || iterations >= maxIterations) {
      return { ...assignment, centroids, sizes: sizesOf(space, centroids), inertia, iterations };
    }
    centroids = moved;
  }
}

const sizesOf = ({ sizes }: ClusteringSpace, { rows: k }: RowMatrix): Int32Array => sizes.slice(0, k);

/** What the inertia falls by when every cluster of the space moves to its mean and no row changes its cluster. */
function gainOf({ sizes }: ClusteringSpace, centroids: RowMatrix, means: RowMatrix): number {
  const { rows: k, columns } = centroids;
  let gain = 0;
  for (let at = 0; at < k * columns; at++) {
    const size = sizes[Math.floor(at / columns)] ?? 0;
    if (size === 0) return Number.POSITIVE_INFINITY; // an empty cluster was given a row
    gain += size * ((centroids.values[at] ?? 0) - (means.values[at] ?? 0)) ** 2;
  }
  return gain;
}

/** Labels every row with its nearest centroid, the first of equals; sums and sizes of the clusters are in the space then. */
export function assignAll(
  space: ClusteringSpace,
  data: RowMatrix,
  centroids: RowMatrix,
  { labels, distances }: Pick<Assignment, 'labels'> & Partial<Assignment>,
): { readonly changed: number; readonly inertia: number } {
  let changed = 0;
  let inertia = 0;
  space.setCentroids(centroids);
  space.clearSums();
  forEachBlock(space, data, (from, count) => {
    space.assign(count);
    space.accumulate(count);
    for (let i = 0; i < count; i++) {
      if (labels[from + i] !== space.labels[i]) changed++;
      inertia += space.nearest[i] ?? 0;
    }
    labels.set(space.labels.subarray(0, count), from);
    distances?.set(space.nearest.subarray(0, count), from);
  });
  invariant(Number.isFinite(inertia), 'rows and centroids are finite numbers');
  return { changed, inertia };
}

/**
 * Means of the clusters. Each empty one takes over one of the rows that lie farthest from their centroids, the farthest first, of equals the
 * earlier row; that row leaves its cluster. When all rows lie on their centroids, or a cluster lost its only row so, the empty one lies on the
 * mean of the largest: scikit-learn puts it there too, where it does not take that cluster's sum for its mean.
 */
function moveToMeans(space: ClusteringSpace, data: RowMatrix, { rows: k, columns }: RowMatrix, assignment: Assignment): RowMatrix {
  const sums = space.sums.slice(0, k * columns);
  const sizes = space.sizes.slice(0, k);
  const empty = [...sizes.keys()].filter((cluster) => sizes[cluster] === 0);
  if (empty.length > 0) adoptFarthest(data, assignment, { sums, sizes, empty });
  const largest = sizes.indexOf(Math.max(...sizes));
  const values = sums.map((sum, at) => sum / (sizes[Math.floor(at / columns)] ?? 1));
  sizes.forEach((size, cluster) => {
    if (size === 0) values.copyWithin(cluster * columns, largest * columns, (largest + 1) * columns);
  });
  return { rows: k, columns, values };
}

interface Clusters {
  readonly sums: Float64Array;
  readonly sizes: Int32Array;
  readonly empty: readonly number[];
}

function adoptFarthest({ columns, values }: RowMatrix, { labels, distances }: Assignment, { sums, sizes, empty }: Clusters): void {
  const farthest = rowsByDistance(distances, empty.length);
  if (distances[farthest[0] ?? 0] === 0) return;
  empty.forEach((cluster, at) => {
    const row = farthest[at];
    if (row === undefined) return;
    const from = labels[row] ?? 0;
    for (let c = 0; c < columns; c++) {
      const value = values[row * columns + c] ?? 0;
      sums[from * columns + c] = (sums[from * columns + c] ?? 0) - value;
      sums[cluster * columns + c] = value;
    }
    sizes[cluster] = 1;
    sizes[from] = (sizes[from] ?? 0) - 1;
  });
}

/** The rows at the greatest distances, farthest first, of equals the earlier. @param count how many, few */
function rowsByDistance(distances: Float64Array, count: number): readonly number[] {
  const found: number[] = [];
  for (let row = 0; row < distances.length; row++) {
    const distance = distances[row] ?? 0;
    if (found.length === count && distance <= (distances[found[count - 1] ?? 0] ?? 0)) continue;
    const at = found.findIndex((other) => (distances[other] ?? 0) < distance);
    found.splice(at < 0 ? found.length : at, 0, row);
    if (found.length > count) found.pop();
  }
  return found;
}

function squaredShift(a: RowMatrix, b: RowMatrix): number {
  return a.values.reduce((sum, value, at) => sum + (value - (b.values[at] ?? 0)) ** 2, 0);
}
