import type { RowMatrix } from '../row-matrix';

/** LLOYD passes over all rows until nothing moves; MINI_BATCH learns from drawn rows first; AUTO takes the latter for many rows. */
export type ClusteringAlgorithm = 'LLOYD' | 'MINI_BATCH' | 'AUTO';

export interface RowClusteringOptions {
  /** Clusters wanted, >= 1; fewer come back when there are fewer distinct rows. */
  readonly k: number;
  /** Seedings tried, >= 1; the one that ends with the lowest inertia wins. With `start` there is one. */
  readonly restarts: number;
  /** Most passes over all rows, of each seeding, that move the centroids; >= 1. */
  readonly maxIterations: number;
  /** LLOYD stops when the centroids' squared movement, summed, is at most this share of the mean variance of a column; >= 0. */
  readonly tolerance?: number;
  /** Begins here, k rows, instead of seeding. */
  readonly start?: RowMatrix;
  readonly algorithm?: ClusteringAlgorithm;
  /** Rows drawn for each step of MINI_BATCH, >= 1. */
  readonly batchRows?: number;
}

export interface RowLabels {
  /** Nearest centroid of every row, the first of equals. */
  readonly labels: Int32Array;
  /** Rows per cluster. */
  readonly sizes: Int32Array;
  /** Sum over rows of the squared distance to their centroid. */
  readonly inertia: number;
}

/** No cluster is empty. */
export interface RowClustering extends RowLabels {
  readonly centroids: RowMatrix;
  /** Passes over all rows that moved the centroids. */
  readonly iterations: number;
}
