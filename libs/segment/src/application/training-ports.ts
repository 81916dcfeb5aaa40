import type { AssignedPartition, ExtractedPartition, TrainingRun, TrainingStep } from '../domain/training-run';
import type { RowMatrix } from '../domain/row-matrix';
import type { RowSplit } from '../domain/row-split';
import type { SegmentModel } from '../domain/types';

export interface ProfileRow {
  readonly profileId: string;
  /** Of the profile as it was read: a segment is stored only on that version. */
  readonly profileVersion: number;
  /** The encoded features; the source may reuse the array for its next row. */
  readonly features: Float64Array;
}

/** One partition of the profiles that have granted a purpose: TRAINING gives rows to learn from, PERSONALIZATION rows to assign. */
export interface ProfileSlice {
  readonly partition: number;
  readonly partitions: number;
  readonly purpose: 'TRAINING' | 'PERSONALIZATION';
  /** Resume behind this profile; null starts at the beginning. */
  readonly after: string | null;
  /** The moment that features are encoded at, ms: they fade with time, and a step that runs again must see what it saw before. */
  readonly asOf: number;
}

export interface ProfileRowSource {
  /** In ascending order of profile id, so that reading may be resumed and read again alike. */
  read(slice: ProfileSlice): AsyncIterable<ProfileRow>;
}

export interface SegmentAssignment {
  readonly profileId: string;
  readonly profileVersion: number;
  readonly segmentId: string;
  readonly modelVersion: number;
}

export interface SegmentMembershipSink {
  /**
   * Leaves a profile alone that changed since it was read or is gone: its consent may have changed as well, and whoever is active gets a
   * segment online. That also makes a repeated batch harmless.
   */
  assign(assignments: readonly SegmentAssignment[]): Promise<void>;
}

export interface TrainingRunRepository {
  /** Refuses a second active run, and a second run with the same model version. */
  create(run: TrainingRun): Promise<'created' | 'busy'>;
  /** @throws DomainError NOT_FOUND */
  get(runId: string): Promise<TrainingRun>;
  findActive(): Promise<TrainingRun | null>;
  findByModelVersion(version: number): Promise<TrainingRun | null>;
  /** Highest model version that any run ever claimed; 0 before the first. */
  lastModelVersion(): Promise<number>;
  /** The first commit of a partition wins; later ones change nothing. */
  commitExtraction(runId: string, partition: number, extracted: ExtractedPartition, nowMs: number): Promise<void>;
  saveAssignment(runId: string, partition: number, assigned: AssignedPartition, nowMs: number): Promise<void>;
  /** Forward only and only while RUNNING; otherwise changes nothing. */
  moveTo(runId: string, step: TrainingStep, nowMs: number): Promise<void>;
  /** A sign of life. */
  touch(runId: string, nowMs: number): Promise<void>;
  /** Ends a RUNNING run; otherwise changes nothing. */
  finish(
    runId: string,
    end: Pick<TrainingRun, 'failure' | 'step'> & { readonly status: Exclude<TrainingRun['status'], 'RUNNING'> },
    nowMs: number,
  ): Promise<void>;
  /** Fails the run if it is RUNNING and showed no sign of life since `quietSince`. @returns whether it did */
  abandon(runId: string, quietSince: number, nowMs: number): Promise<boolean>;
}

export interface TrainingRowChunk {
  readonly runId: string;
  readonly partition: number;
  readonly attempt: string;
  readonly split: RowSplit;
  /** From 0, dense per run, partition, attempt and split. */
  readonly number: number;
  readonly values: Float64Array;
}

/** Rows of a run: features only, no id of anybody; they live as long as the run. */
export interface TrainingRowRepository {
  save(chunk: TrainingRowChunk): Promise<void>;
  /** Rows of the committed attempts in order of partition and chunk. @throws DomainError INTERNAL when rows are missing */
  load(run: TrainingRun, split: RowSplit): Promise<RowMatrix>;
  deleteRun(runId: string): Promise<void>;
}

export interface SegmentModelRepository {
  find(version: number): Promise<SegmentModel | null>;
  findPublished(): Promise<SegmentModel | null>;
  /** Cheap enough to poll. */
  findPublishedVersion(): Promise<number | null>;
  /** Newest first, versions below `before` when given. */
  list(limit: number, before: number | null): Promise<readonly SegmentModel[]>;
  count(): Promise<number>;
  /** Keeps the first model of a version; a second one changes nothing. */
  insert(model: SegmentModel): Promise<void>;
  /** Notes the verdict on a model that is still an unjudged CANDIDATE; otherwise changes nothing. */
  saveVerdict(version: number, verdict: ModelVerdict): Promise<void>;
  /** Retires the live model and publishes this one, atomically, while the run is still active. @returns whether the model is published now */
  publish(version: number, runId: string, nowMs: number): Promise<boolean>;
  saveSizes(version: number, sizes: Readonly<Record<string, number>>): Promise<void>;
}

export interface ModelVerdict {
  readonly refusal: string | null;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface TrainingQueue {
  /** Queues the steps up to publishing. Safe to repeat. */
  enqueueTraining(runId: string, partitions: number): Promise<void>;
  /** Queues the assignment of every partition and the end of the run. Safe to repeat. */
  enqueueAssignment(runId: string, partitions: number): Promise<void>;
}
