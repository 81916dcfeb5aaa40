import { invariant } from '@vitrine/kernel';
import { squaredDistance, type RowMatrix } from '../row-matrix';

/** Clusters that have rows, with what both indices read of them. */
interface Clusters {
  readonly centroids: RowMatrix;
  readonly sizes: Float64Array;
  /** Per cluster: sum of its rows' squared, and of their plain distances to the centroid. */
  readonly squares: Float64Array;
  readonly distances: Float64Array;
}

/**
 * Spread between clusters over the spread within, each per degree of freedom. Higher is better separated.
 *
 * @param labels cluster per row, each in [0, clusters); clusters without rows do not count
 * @returns 1 where rows within clusters do not differ at all; NaN when fewer than two clusters, or as many as rows, have rows
 * @see Calinski & Harabasz, A dendrite method for cluster analysis, Communications in Statistics 3 (1974)
 */
export function calinskiHarabasz(rows: RowMatrix, labels: Int32Array, clusters: number): number {
  const { centroids, sizes, squares } = describe(rows, labels, clusters);
  const k = centroids.rows;
  if (k < 2 || k >= rows.rows) return Number.NaN;
  const within = sum(squares);
  if (within === 0) return 1;
  const center: RowMatrix = { rows: 1, columns: rows.columns, values: overallMean(rows) };
  let between = 0;
  sizes.forEach((size, cluster) => (between += size * squaredDistance(centroids, cluster, center, 0)));
  return (between * (rows.rows - k)) / (within * (k - 1));
}

/**
 * Mean over clusters of how badly each is told apart from its most similar other one: the sum of both mean distances to the centroid over
 * the distance of the centroids. Lower is better, 0 at best.
 *
 * @param labels cluster per row, each in [0, clusters); clusters without rows do not count
 * @returns >= 0; two clusters with one centroid are skipped as a pair; NaN when fewer than two clusters have rows
 * @see Davies & Bouldin, A Cluster Separation Measure, IEEE PAMI 1 (1979)
 */
export function daviesBouldin(rows: RowMatrix, labels: Int32Array, clusters: number): number {
  const { centroids, sizes, distances } = describe(rows, labels, clusters);
  const k = centroids.rows;
  if (k < 2) return Number.NaN;
  const scatter = distances.map((total, cluster) => total / (sizes[cluster] ?? 1));
  let total = 0;
  for (let a = 0; a < k; a++) {
    let worst = 0;
    for (let b = 0; b < k; b++) {
      const apart = Math.sqrt(squaredDistance(centroids, a, centroids, b));
      if (apart > 0) worst = Math.max(worst, ((scatter[a] ?? 0) + (scatter[b] ?? 0)) / apart);
    }
    total += worst;
  }
  return total / k;
}

function describe(rows: RowMatrix, labels: Int32Array, clusters: number): Clusters {
  invariant(labels.length === rows.rows, 'one label per row');
  const used = compactLabels(labels, clusters);
  const { centroids, sizes } = meansOf(rows, used.labels, used.count);
  const squares = new Float64Array(used.count);
  const distances = new Float64Array(used.count);
  used.labels.forEach((cluster, row) => {
    const squared = squaredDistance(rows, row, centroids, cluster);
    squares[cluster] = (squares[cluster] ?? 0) + squared;
    distances[cluster] = (distances[cluster] ?? 0) + Math.sqrt(squared);
  });
  return { centroids, sizes, squares, distances };
}

/** The same labelling over the clusters that have rows. */
function compactLabels(labels: Int32Array, clusters: number): { readonly labels: Int32Array; readonly count: number } {
  const seen = new Uint8Array(clusters);
  for (const label of labels) {
    invariant(label >= 0 && label < clusters, 'labels name a cluster');
    seen[label] = 1;
  }
  let count = 0;
  const names = Int32Array.from(seen, (rows) => (rows === 1 ? count++ : -1));
  return { labels: labels.map((label) => names[label] ?? 0), count };
}

function meansOf({ columns, values }: RowMatrix, labels: Int32Array, k: number): Pick<Clusters, 'centroids' | 'sizes'> {
  const sizes = new Float64Array(k);
  const means = new Float64Array(k * columns);
  labels.forEach((cluster, row) => {
    sizes[cluster] = (sizes[cluster] ?? 0) + 1;
    for (let c = 0; c < columns; c++) means[cluster * columns + c] = (means[cluster * columns + c] ?? 0) + (values[row * columns + c] ?? 0);
  });
  for (let at = 0; at < means.length; at++) means[at] = (means[at] ?? 0) / (sizes[Math.floor(at / columns)] ?? 1);
  return { centroids: { rows: k, columns, values: means }, sizes };
}

function overallMean(rows: RowMatrix): Float64Array {
  return meansOf(rows, new Int32Array(rows.rows), 1).centroids.values;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
