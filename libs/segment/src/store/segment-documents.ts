import { Schema, type Connection, type Model } from 'mongoose';
import type { DriftCheck, RowStream } from '../application/training-ports';
import type { RowSplit } from '../domain/row-split';
import type { TrainingRun } from '../domain/training-run';
import type { SegmentModel } from '../domain/types';

/** A model as it is stored: nested parts are kept whole, as they are. `_id` is the version. */
export interface SegmentModelDoc extends Omit<SegmentModel, 'version' | 'createdAt'> {
  readonly _id: number;
  readonly createdAt: Date;
}

export interface TrainingRunDoc extends Omit<TrainingRun, 'id' | 'startedAt' | 'updatedAt' | 'finishedAt'> {
  readonly _id: string;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
}

export interface TrainingRowsDoc {
  /** `<run>:<partition>:<attempt>:<stream>:<split>:<number>`. */
  readonly _id: string;
  readonly runId: string;
  readonly partition: number;
  readonly attempt: string;
  readonly stream: RowStream;
  readonly split: RowSplit;
  readonly number: number;
  /** Doubles in the byte order of the machine (little-endian on all that Node runs on here). */
  readonly values: Buffer;
  readonly createdAt: Date;
}

export interface DriftCheckDoc extends Omit<DriftCheck, 'checkedAt' | 'retrained'> {
  readonly _id: 'latest';
  readonly retrained?: boolean;
  readonly checkedAt: Date;
}

const mixed = { type: Schema.Types.Mixed };
/** Mongoose drops empty objects by default, and a run starts with nothing extracted. */
const OPTIONS = { versionKey: false, minimize: false } as const;

const segmentModelSchema = new Schema<SegmentModelDoc>(
  {
    _id: { type: Number },
    status: { type: String },
    ...{ featureNames: mixed, pipeline: mixed, clusterer: mixed, segments: mixed, response: mixed },
    ...{ reference: mixed, configuration: mixed, metrics: mixed },
    nextSegment: { type: Number },
    seed: { type: Number },
    fingerprint: { type: String },
    parentVersion: { type: Number },
    codeVersion: { type: String },
    trainedRows: { type: Number },
    erasedRows: { type: Number },
    createdAt: { type: Date },
    refusal: { type: String, default: null },
  },
  { ...OPTIONS, collection: 'segment_models' },
);

const trainingRunSchema = new Schema<TrainingRunDoc>(
  {
    _id: { type: String },
    status: { type: String },
    step: { type: String },
    kind: { type: String },
    trigger: { type: String },
    partitions: { type: Number },
    seed: { type: Number },
    modelVersion: { type: Number },
    parentVersion: { type: Number },
    codeVersion: { type: String },
    chosen: { type: Number },
    fingerprint: { type: String },
    ...{ settings: mixed, featureNames: mixed, configurations: mixed, trials: mixed, log: mixed },
    ...{ extracted: mixed, assigned: mixed, failure: mixed },
    startedAt: { type: Date },
    updatedAt: { type: Date },
    finishedAt: { type: Date, default: null },
  },
  { ...OPTIONS, collection: 'training_runs' },
);

const trainingRowsSchema = new Schema<TrainingRowsDoc>(
  { _id: { type: String }, runId: { type: String }, values: { type: Buffer }, createdAt: { type: Date } },
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
