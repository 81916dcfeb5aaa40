import { invariant } from '@vitrine/kernel';
import { squaredDistance, type RowMatrix } from '../row-matrix';

/** What rows that fall into one single cluster score: worse than any real clustering. */
const NO_STRUCTURE = -1;

/**
 * Mean silhouette of labelled rows: (b - a) / max(a, b) with a the mean distance to the row's own cluster and b to the nearest other
 * one; a row alone in its cluster counts 0. Quadratic in the rows: hand it a sample.
 *
 * @param labels cluster per row, each in [0, k)
 * @returns in [-1, 1]; -1 when fewer than two clusters have rows
 * @see Rousseeuw, Silhouettes, J. Comput. Appl. Math. 20 (1987), section 2
 */
export function silhouetteScore(data: RowMatrix, labels: Int32Array, k: number): number {
  const { rows } = data;
  invariant(labels.length === rows, 'one label per row');
  const sizes = new Int32Array(k);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  if (sizes.filter((size) => size > 0).length < 2) return NO_STRUCTURE;
  const totals = distanceTotals(data, labels, k);
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += rowScore(totals.subarray(row * k, (row + 1) * k), sizes, labels[row] ?? 0);
  return sum / rows;
}

/** Sum of distances from every row to every cluster, shape [rows][k]. */
function distanceTotals(data: RowMatrix, labels: Int32Array, k: number): Float64Array {
  const { rows } = data;
  const totals = new Float64Array(rows * k);
  for (let a = 0; a < rows; a++) {
    const labelA = labels[a] ?? 0;
    for (let b = a + 1; b < rows; b++) {
      const distance = Math.sqrt(squaredDistance(data, a, data, b));
      const toB = a * k + (labels[b] ?? 0);
      const toA = b * k + labelA;
      totals[toB] = (totals[toB] ?? 0) + distance;
      totals[toA] = (totals[toA] ?? 0) + distance;
    }
  }
  return totals;
}

function rowScore(totals: Float64Array, sizes: Int32Array, own: number): number {
  const ownSize = sizes[own] ?? 0;
  if (ownSize < 2) return 0;
  const within = (totals[own] ?? 0) / (ownSize - 1);
  let nearest = Number.POSITIVE_INFINITY;
  sizes.forEach((size, cluster) => {
    if (cluster !== own && size > 0) nearest = Math.min(nearest, (totals[cluster] ?? 0) / size);
  });
  const scale = Math.max(within, nearest);
  return scale === 0 ? 0 : (nearest - within) / scale;
}
