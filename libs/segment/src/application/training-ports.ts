import type { DriftReport } from '../domain/drift';
import type { AssignedPartition, ExtractedPartition, RunMetric, TrainingRun, TrainingStep } from '../domain/training-run';
import type { RawTable } from '../domain/pipeline/raw-table';
import type { ResponseWindow } from '../domain/response-window';
import type { RowSplit } from '../domain/row-split';
import type { SegmentConfiguration } from '../domain/search/configuration';
import type { TrialScore } from '../domain/search/trial-score';
import type { LabelledTable } from '../domain/training/labelled-table';
import type { SegmentModel } from '../domain/types';

export interface ProfileRow {
  readonly profileId: string;
  /** Of the profile as it was read: a segment is stored only on that version. */
  readonly profileVersion: number;
  /** The encoded features; the source may reuse the array for its next row. */
  readonly features: Float64Array;
  /** What the person did in the window that was asked for; null or absent where none was, or they did not come in it. */
  readonly history?: ProfileHistory | null;
}

/** A person at the beginning of a window, and whether they responded in it. */
export interface ProfileHistory {
  /** As `features`, from what was known before the window only. */
  readonly features: Float64Array;
  readonly responded: boolean;
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
  /** The window in which a person's response is looked for; null for none. Absent: nobody's. */
  readonly windowOf?: (profileId: string) => ResponseWindow | null;
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
  /** Highest model version that any run ever claimed; 0 before the first. */
  lastModelVersion(): Promise<number>;
  /** The first commit of a partition wins; later ones change nothing. */
  commitExtraction(runId: string, partition: number, extracted: ExtractedPartition, nowMs: number): Promise<void>;
  saveAssignment(runId: string, partition: number, assigned: AssignedPartition, nowMs: number): Promise<void>;
  /** Newest first, runs that began before `before` when given. @throws DomainError BAD_USER_INPUT when that run is not held */
  list(limit: number, before: string | null): Promise<readonly TrainingRun[]>;
  count(): Promise<number>;
  /** Keeps the first plan; later ones change nothing. */
  savePlan(runId: string, plan: SearchPlan, nowMs: number): Promise<void>;
  /** Keeps the first score of a trial; later ones change nothing. */
  saveTrial(
    runId: string,
    trial: { readonly rung: number; readonly number: number; readonly score: TrialScore },
    nowMs: number,
  ): Promise<void>;
  saveChoice(runId: string, chosen: number, nowMs: number): Promise<void>;
  /** What a step measured; a step that ran again measured the same. */
  saveLog(runId: string, step: TrainingStep, log: readonly RunMetric[], nowMs: number): Promise<void>;
  /** Removes all but the newest runs that have ended, and the last that claimed a version. @returns how many went */
  prune(keep: number): Promise<number>;
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

/** What the search begins with. */
export interface SearchPlan {
  readonly fingerprint: string;
  readonly configurations: readonly SegmentConfiguration[];
}

/** FEATURES: everybody as they are now. RESPONSES: people at the beginning of a window, each row followed by 1 or 0 for what they did in it. */
export type RowStream = 'FEATURES' | 'RESPONSES';

export interface TrainingRowChunk {
  readonly runId: string;
  readonly partition: number;
  readonly attempt: string;
  readonly stream: RowStream;
  readonly split: RowSplit;
  /** From 0, dense per run, partition, attempt, stream and split. */
  readonly number: number;
  readonly values: Float64Array;
}

/** Rows of a run: features only, no id of anybody; they live as long as the run. */
export interface TrainingRowRepository {
  save(chunk: TrainingRowChunk): Promise<void>;
  /**
   * Rows of the committed attempts in order of partition and chunk, in memory that threads may share.
   *
   * @param limit where there are many more rows, reads about so many, in chunks from all over
   * @throws DomainError INTERNAL when rows are missing
   */
  load(run: TrainingRun, split: RowSplit, limit?: number): Promise<RawTable>;
  loadResponses(run: TrainingRun, split: RowSplit): Promise<LabelledTable>;
  /** SHA-256 over all rows of the committed attempts, in reading order, in hexadecimal digits. */
  fingerprint(run: TrainingRun): Promise<string>;
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
  /** First number that no segment of any version that is held has. */
  nextSegment(): Promise<number>;
  /** Keeps the first model of a version; a second one changes nothing. */
  insert(model: SegmentModel): Promise<void>;
  /** Notes the verdict on a model that is still an unjudged CANDIDATE; otherwise changes nothing. */
  saveVerdict(version: number, verdict: ModelVerdict): Promise<void>;
  /** Retires the live model and publishes this one, atomically, while the run is still active. @returns whether the model is published now */
  publish(version: number, runId: string, nowMs: number): Promise<boolean>;
  /** Publishes a retired version in the place of `from`, atomically. @returns false when `from` is live no more, or `to` was never live */
  restore(from: number, to: number): Promise<boolean>;
  saveSizes(version: number, sizes: Readonly<Record<string, number>>): Promise<void>;
  /**
   * Removes the oldest versions, but for the newest `keep` (at least 1), the live one and its parent.
   *
   * @returns the versions that went
   */
  prune(keep: number): Promise<readonly number[]>;
}

export interface ModelVerdict {
  readonly refusal: string | null;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface TrainingQueue {
  /** Queues the extraction of every partition, and the plan of the search behind them. Safe to repeat. */
  enqueueTraining(runId: string, partitions: number): Promise<void>;
  /** Queues one trial for each of these configurations, and their ranking behind them. Safe to repeat. */
  enqueueRung(runId: string, rung: number, configurations: readonly number[]): Promise<void>;
  /** Queues the steps from fitting to publishing. Safe to repeat. */
  enqueueFit(runId: string): Promise<void>;
  /** Queues the assignment of every partition and the end of the run. Safe to repeat. */
  enqueueAssignment(runId: string, partitions: number): Promise<void>;
}

/** The newest comparison of the people of now with those that the live model was trained on. */
export interface DriftCheck extends DriftReport {
  readonly modelVersion: number;
  readonly checkedAt: number;
  /** Whether this version's drift has started a training. */
  readonly retrained: boolean;
}

export interface DriftRepository {
  /** Replaces what was there. */
  save(check: DriftCheck): Promise<void>;
  find(): Promise<DriftCheck | null>;
}
