import { Schema, type Connection, type Model } from 'mongoose';
import type { AssignedPartition, ExtractedPartition, TrainingRun, TrainingSettings } from '../domain/training-run';
import type { RowSplit } from '../domain/row-split';
import type { SegmentModel, SegmentSummary } from '../domain/types';

export interface SegmentModelDoc {
  /** The version. */
  readonly _id: number;
  readonly status: SegmentModel['status'];
  readonly featureNames: string[];
  readonly center: number[];
  readonly scale: number[];
  readonly clip: number;
  readonly centroids: readonly (readonly number[])[];
  readonly segments: SegmentSummary[];
  readonly metrics: Record<string, number>;
  readonly trainedRows: number;
  readonly erasedRows?: number;
  readonly seed: number;
  readonly createdAt: Date;
  readonly refusal: string | null;
}

export interface TrainingRunDoc {
  readonly _id: string;
  readonly trigger: TrainingRun['trigger'];
  readonly status: TrainingRun['status'];
  readonly step: TrainingRun['step'];
  readonly partitions: number;
  readonly seed: number;
  readonly modelVersion: number;
  readonly settings: TrainingSettings;
  readonly featureNames: string[];
  readonly extracted: Record<string, ExtractedPartition>;
  readonly assigned: Record<string, AssignedPartition>;
  readonly failure: TrainingRun['failure'];
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

export interface TrainingRowsDoc {
  /** `<run>:<partition>:<attempt>:<split>:<number>`. */
  readonly _id: string;
  readonly runId: string;
  readonly partition: number;
  readonly attempt: string;
  readonly split: RowSplit;
  readonly number: number;
  /** Doubles in the byte order of the machine (little-endian on all that Node runs on here). */
  readonly values: Buffer;
  readonly createdAt: Date;
}

const mixed = { type: Schema.Types.Mixed };
/** Mongoose drops empty objects by default, and a run starts with nothing extracted. */
const OPTIONS = { versionKey: false, minimize: false } as const;

const segmentModelSchema = new Schema<SegmentModelDoc>(
  {
    _id: { type: Number },
    status: { type: String },
    featureNames: { type: [String] },
    center: { type: [Number] },
    scale: { type: [Number] },
    clip: { type: Number },
    centroids: mixed,
    segments: mixed,
    metrics: mixed,
    trainedRows: { type: Number },
    erasedRows: { type: Number },
    seed: { type: Number },
    createdAt: { type: Date },
    refusal: { type: String, default: null },
  },
  { ...OPTIONS, collection: 'segment_models' },
);

const trainingRunSchema = new Schema<TrainingRunDoc>(
  {
    _id: { type: String },
    trigger: { type: String },
    status: { type: String },
    step: { type: String },
    partitions: { type: Number },
    seed: { type: Number },
    modelVersion: { type: Number },
    settings: mixed,
    featureNames: { type: [String] },
    extracted: mixed,
    assigned: mixed,
    failure: mixed,
    startedAt: { type: Date },
    updatedAt: { type: Date },
    finishedAt: { type: Date, default: null },
  },
  { ...OPTIONS, collection: 'training_runs' },
);

const trainingRowsSchema = new Schema<TrainingRowsDoc>(
  {
    _id: { type: String },
    runId: { type: String },
    partition: { type: Number },
    attempt: { type: String },
    split: { type: String },
    number: { type: Number },
    values: { type: Buffer },
    createdAt: { type: Date },
  },
  { ...OPTIONS, collection: 'training_rows' },
);

export interface SegmentCollections {
  readonly models: Model<SegmentModelDoc>;
  readonly runs: Model<TrainingRunDoc>;
  readonly rows: Model<TrainingRowsDoc>;
}

export function segmentCollections(connection: Connection): SegmentCollections {
  return {
    models: connection.model<SegmentModelDoc>('SegmentModel', segmentModelSchema),
    runs: connection.model<TrainingRunDoc>('TrainingRun', trainingRunSchema),
    rows: connection.model<TrainingRowsDoc>('TrainingRows', trainingRowsSchema),
  };
}

export function isDuplicateKey(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 11_000;
}
