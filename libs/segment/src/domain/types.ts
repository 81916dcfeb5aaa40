import type { Clusterer } from './clustering/clusterer';
import type { ResponseModel } from './models/response-model';
import type { FittedPipeline } from './pipeline/step-types';
import type { SegmentConfiguration } from './search/configuration';

export const SEGMENT_MODEL_STATUSES = ['CANDIDATE', 'PUBLISHED', 'RETIRED', 'REFUSED'] as const;
export type SegmentModelStatus = (typeof SEGMENT_MODEL_STATUSES)[number];

/** A trained version; immutable once stored, but for its status and for what is counted later. */
export interface SegmentModel {
  readonly version: number;
  readonly status: SegmentModelStatus;
  /** Raw features that it reads, in order. */
  readonly featureNames: readonly string[];
  /** From raw features to the coordinates that segments are found in: the embedding. */
  readonly pipeline: FittedPipeline;
  readonly clusterer: Clusterer;
  /** In the order of the clusterer's groups. */
  readonly segments: readonly SegmentSummary[];
  /** Number that the next new segment of a later version gets: ids are never used again for other people. */
  readonly nextSegment: number;
  /** Null where too few responses were known. */
  readonly response: TrainedResponse | null;
  /** How features and segments were spread over the training rows: what drift is measured from. */
  readonly reference: DriftReference;
  readonly configuration: SegmentConfiguration;
  readonly metrics: Readonly<Record<string, number>>;
  readonly trainedRows: number;
  /** Of those, how many belong to people who were erased since; absent for none. */
  readonly erasedRows?: number;
  readonly seed: number;
  /** SHA-256 over the rows it was trained, tuned and tested on. */
  readonly fingerprint: string;
  /** Version that it replaced, or, before it went live, that was live when its training began. */
  readonly parentVersion: number | null;
  readonly codeVersion: string;
  readonly createdAt: number;
  /** Why the gate refused it: `<GATE_RULE>: <numbers>`; null unless REFUSED. */
  readonly refusal: string | null;
}

export interface SegmentSummary {
  /** `seg-<number>`; kept from version to version while most of its people stay together. */
  readonly id: string;
  readonly name: string;
  /** What sets its people apart, in a sentence. */
  readonly description: string;
  /** Share of the training rows. */
  readonly share: number;
  /** Profiles in it when the model was last applied to everybody; 0 before. */
  readonly size: number;
  /** Share of its people who responded, later and among people who were held out; null where unknown. */
  readonly rate: SegmentRate | null;
}

/** A share with its 95 % interval (Wilson). */
export interface SegmentRate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** People it was measured on. */
  readonly people: number;
}

/** A supervised model of the response, over a pipeline of its own. */
export interface TrainedResponse {
  readonly pipeline: FittedPipeline;
  readonly model: ResponseModel;
  /** Measured on held-out people at a later time. */
  readonly auc: number;
  readonly people: number;
}

/** Shares of training rows, per feature between quantiles, and per segment. */
export interface DriftReference {
  readonly features: readonly FeatureSpread[];
  /** By segment id. */
  readonly segments: Readonly<Record<string, number>>;
}

export interface FeatureSpread {
  readonly name: string;
  /** Inner edges of the bins, ascending. */
  readonly edges: readonly number[];
  /** Per bin, the last for missing values: two more than edges. */
  readonly shares: readonly number[];
}

/** Where one profile stands. */
export interface SegmentPlace {
  readonly segmentId: string;
  /** Coordinates, shape [embedding width of the model]; the caller's to keep. */
  readonly embedding: Float64Array;
}

/** Gives the segment of one profile's features. Pure and fast: runs on the decision path. */
export interface SegmentAssigner {
  readonly modelVersion: number;
  /** Coordinates per embedding. */
  readonly width: number;
  /** @returns the segment's id; allocates nothing */
  assign(features: Float64Array): string;
  place(features: Float64Array): SegmentPlace;
  /** Middle of a segment: what is known of somebody of whom only the segment is; null for a segment of another version. */
  middleOf(segmentId: string): Float64Array | null;
}
