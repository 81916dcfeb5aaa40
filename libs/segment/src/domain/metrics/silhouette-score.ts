import type { RowMatrix } from '../row-matrix';
import { silhouette } from '../silhouette';
import { runToEnd } from '../steps';

/**
 * `silhouette` in one go, for threads that have nothing else to do. Quadratic in the rows: hand it a sample.
 *
 * @param labels cluster per row, each in [0, clusters)
 * @returns in [-1, 1]; -1 when fewer than two clusters have rows
 */
export function silhouetteScore(rows: RowMatrix, labels: Int32Array, clusters: number): number {
  return runToEnd(silhouette(rows, labels, clusters));
}
