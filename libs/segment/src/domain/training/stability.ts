import type { Rng } from '@vitrine/kernel';
import { adjustedRandIndex } from '../metrics/adjusted-rand-index';
import { takeRows, type RowMatrix } from '../row-matrix';
import { groupRows, assignGroups, type GroupingOptions } from './group-rows';

export interface StabilityRequest {
  /** Coordinates that groups are found among. */
  readonly train: RowMatrix;
  /** Coordinates that labellings are compared on, and the labels that the model itself gives them. */
  readonly judge: RowMatrix;
  readonly labels: Int32Array;
  readonly options: GroupingOptions;
  readonly resamples: number;
}

/**
 * How far the groups are the data's own and not chance's: the adjusted Rand index between the model's labels and those of models of
 * bootstrap samples of the same rows.
 *
 * @returns one index per resample
 * @see Hennig, Cluster-wise assessment of cluster stability, Computational Statistics & Data Analysis 52 (2007); Hubert & Arabie (1985)
 */
export function resampledAgreement({ train, judge, labels, options, resamples }: StabilityRequest, rng: Rng): readonly number[] {
  return Array.from({ length: resamples }, () => {
    const order = Int32Array.from({ length: train.rows }, () => Math.floor(rng() * train.rows)).sort();
    const other = groupRows(takeRows(train, order), options, rng);
    return adjustedRandIndex(labels, assignGroups(judge, other.clusterer));
  });
}
