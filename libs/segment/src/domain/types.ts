export const SEGMENT_MODEL_STATUSES = ['CANDIDATE', 'PUBLISHED', 'RETIRED', 'REFUSED'] as const;
export type SegmentModelStatus = (typeof SEGMENT_MODEL_STATUSES)[number];

/** A trained k-means over profile features; immutable once stored. */
export interface SegmentModel {
  readonly version: number;
  readonly status: SegmentModelStatus;
  readonly featureNames: readonly string[];
  /** Per feature. A scale of 0 marks a feature that never varied in training: it is ignored. */
  readonly center: readonly number[];
  readonly scale: readonly number[];
  /** Scaled values are cut to [-clip, clip], in training and in assignment alike, so that one freak row cannot own a segment. */
  readonly clip: number;
  /** [k][features], in scaled units. */
  readonly centroids: readonly (readonly number[])[];
  readonly segments: readonly SegmentSummary[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly trainedRows: number;
  /** Of those, how many belong to people who were erased since; absent for none. */
  readonly erasedRows?: number;
  readonly seed: number;
  readonly createdAt: number;
  /** Why the gate refused it: `<GATE_RULE>: <numbers>`; null unless REFUSED. */
  readonly refusal: string | null;
}

export interface SegmentSummary {
  /** `seg-<index>`, stable within a model version. */
  readonly id: string;
  readonly name: string;
  /** Share of the training rows. */
  readonly share: number;
  /** Profiles in it when the model was last applied to everybody; 0 before. */
  readonly size: number;
}

/** Gives the segment id of one profile's features. Pure and fast: runs on the decision path. */
export interface SegmentAssigner {
  readonly modelVersion: number;
  assign(features: Float64Array): string;
}
