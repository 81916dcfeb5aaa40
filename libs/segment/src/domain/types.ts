/** A trained k-means over profile features; immutable once stored. */
export interface SegmentModel {
  readonly version: number;
  readonly status: 'CANDIDATE' | 'PUBLISHED' | 'RETIRED' | 'REFUSED';
  readonly featureNames: readonly string[];
  /** Per feature. */
  readonly center: readonly number[];
  readonly scale: readonly number[];
  /** [k][features], in scaled units. */
  readonly centroids: readonly (readonly number[])[];
  readonly segments: readonly SegmentSummary[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly trainedRows: number;
  readonly seed: number;
  readonly createdAt: number;
  readonly refusal: string | null;
}

export interface SegmentSummary {
  /** `seg-<index>`, stable within a model version. */
  readonly id: string;
  readonly name: string;
  readonly share: number;
}

/** Gives a segment id, or null while no model is published. Pure and fast: runs on the decision path. */
export interface SegmentAssigner {
  readonly modelVersion: number;
  assign(features: Float64Array): string;
}
