import type { ErrorCode } from '@vitrine/kernel';
import type { SegmentConfiguration } from './search/configuration';
import type { RowSplit } from './row-split';
import { DEFAULT_SEARCH_SETTINGS, rungSizes, type SearchSettings } from './search/search-settings';
import type { TrialScore } from './search/trial-score';

export const TRAINING_TRIGGERS = ['MANUAL', 'SCHEDULE', 'DRIFT', 'ROLLBACK'] as const;
export type TrainingTrigger = (typeof TRAINING_TRIGGERS)[number];
export const TRAINING_STATUSES = ['RUNNING', 'PUBLISHED', 'REFUSED', 'FAILED', 'CANCELLED'] as const;
export type TrainingStatus = (typeof TRAINING_STATUSES)[number];
/** In order; a run only moves forward. */
export const TRAINING_STEPS = ['EXTRACT', 'SEARCH', 'FIT', 'VALIDATE', 'PUBLISH', 'ASSIGN', 'DONE'] as const;
export type TrainingStep = (typeof TRAINING_STEPS)[number];
/** TRAIN makes a model; REASSIGN gives everybody their segment in a model that exists, after a rollback. */
export const RUN_KINDS = ['TRAIN', 'REASSIGN'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** Everything that shapes a model; stored with the run, so that a step that runs again does the same. */
export interface TrainingSettings {
  readonly search: SearchSettings;
  readonly restarts: number;
  readonly maxIterations: number;
  /** Fewer rows in all: TOO_FEW_ROWS. */
  readonly minRows: number;
  /** Rows that a silhouette is taken over (its cost is quadratic). */
  readonly silhouetteRows: number;
  /**
   * Length in days of the window in which a response is looked for. Of those who train, features are taken two windows ago and responses in
   * the window after; of those who judge, one window later: held out by person and by time. 0 trains without responses.
   */
  readonly responseDays: number;
  readonly gate: GateRules;
}

/** What a candidate must satisfy on rows that neither its fit nor its search has seen. */
export interface GateRules {
  readonly minSilhouette: number;
  /** Smallest share of rows per segment. */
  readonly minShare: number;
  /** Least mean adjusted Rand index between the model's labels and those of models of resampled rows. */
  readonly minStability: number;
  /** Distance to the own segment's middle, per held-out row, may exceed that of a training row by this share. */
  readonly maxInertiaGrowth: number;
  /** The candidate's silhouette may lie below the live model's on the same rows by at most this much. */
  readonly margin: number;
  /** What segments tell of the response (share of its deviance) may lie below what the live ones tell by at most this much. */
  readonly responseMargin: number;
}

export const DEFAULT_TRAINING_SETTINGS: TrainingSettings = {
  search: DEFAULT_SEARCH_SETTINGS,
  restarts: 4,
  maxIterations: 100,
  minRows: 200,
  silhouetteRows: 1_000,
  responseDays: 7,
  gate: { minSilhouette: 0.05, minShare: 0.01, minStability: 0.5, maxInertiaGrowth: 0.25, margin: 0.02, responseMargin: 0.005 },
};

/** What a deployment sets of them. */
export interface TrainingConfig {
  readonly SEGMENT_MIN_ROWS: number;
  readonly SEGMENT_RESPONSE_DAYS: number;
  readonly SEGMENT_CONFIGURATIONS: number;
  readonly SEGMENT_MIN_SHARE: number;
}

export function trainingSettings(config: TrainingConfig): TrainingSettings {
  const { search, gate } = DEFAULT_TRAINING_SETTINGS;
  return {
    ...DEFAULT_TRAINING_SETTINGS,
    minRows: config.SEGMENT_MIN_ROWS,
    responseDays: config.SEGMENT_RESPONSE_DAYS,
    search: { ...search, configurations: config.SEGMENT_CONFIGURATIONS },
    gate: { ...gate, minShare: config.SEGMENT_MIN_SHARE },
  };
}

/** Partitions of a training: each is read and assigned by a job of its own. */
export const TRAINING_PARTITIONS = 2;
/** A run that showed no sign of life for this long is given up. */
export const ABANDON_TRAINING_AFTER_MS = 10 * 60_000;

/** Rows of one partition as the first extraction that finished wrote them. */
export interface ExtractedPartition {
  /** Names the extraction whose rows count: rows of attempts that died or came second are never read. */
  readonly attempt: string;
  readonly train: number;
  readonly tune: number;
  readonly test: number;
  /** Rows left out because they have not the run's features. */
  readonly dropped: number;
  /** People whose response is known, per split. */
  readonly responses: Readonly<Record<RowSplit, number>>;
}

/** How far the assignment of one partition has come. */
export interface AssignedPartition {
  /** Last profile done; null before the first. */
  readonly after: string | null;
  readonly done: boolean;
  /** Profiles per segment so far. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface TrainingRun {
  readonly id: string;
  readonly kind: RunKind;
  readonly trigger: TrainingTrigger;
  readonly status: TrainingStatus;
  readonly step: TrainingStep;
  readonly partitions: number;
  readonly seed: number;
  /** Version that the run's model gets, or that is applied again. */
  readonly modelVersion: number;
  /** Version that was live when the run began. */
  readonly parentVersion: number | null;
  /** Which build of the code runs it, as the deployment names it. */
  readonly codeVersion: string;
  readonly settings: TrainingSettings;
  readonly featureNames: readonly string[];
  /** Configurations of the search, the first rung's, in the order of their numbers; empty before the search. */
  readonly configurations: readonly SegmentConfiguration[];
  /** Scores by rung, then by the number of the configuration. */
  readonly trials: Readonly<Record<string, Readonly<Record<string, TrialScore>>>>;
  /** Number of the configuration that won; null before the search ends. */
  readonly chosen: number | null;
  /** SHA-256 over all rows in reading order; null before they are all there. */
  readonly fingerprint: string | null;
  /** What each finished step measured, in order. */
  readonly log: Readonly<Partial<Record<TrainingStep, readonly RunMetric[]>>>;
  /** Keyed by partition number. */
  readonly extracted: Readonly<Record<string, ExtractedPartition>>;
  readonly assigned: Readonly<Record<string, AssignedPartition>>;
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null;
  readonly startedAt: number;
  /** Moves with every sign of life. */
  readonly updatedAt: number;
  readonly finishedAt: number | null;
}

/** One measurement of a run: a curve where `index` runs, a single figure where it is 0 alone. */
export interface RunMetric {
  readonly name: string;
  readonly index: number;
  readonly value: number;
}

/** Share of a run's work that lies behind each step when it begins. */
const BEHIND: Readonly<Record<TrainingStep, number>> = {
  ...{ EXTRACT: 0, SEARCH: 0.25, FIT: 0.5, VALIDATE: 0.6 },
  ...{ PUBLISH: 0.68, ASSIGN: 0.7, DONE: 1 },
};

/** In [0, 1]; never falls during a run. */
export function progressOf(run: Pick<TrainingRun, 'step' | 'partitions' | 'extracted' | 'assigned' | 'trials' | 'settings'>): number {
  const extracted = Object.keys(run.extracted).length;
  const assigned = Object.values(run.assigned).filter((partition) => partition.done).length;
  if (run.step === 'EXTRACT') return BEHIND.SEARCH * (extracted / run.partitions);
  if (run.step === 'SEARCH') return BEHIND.SEARCH + (BEHIND.FIT - BEHIND.SEARCH) * searchedShare(run);
  if (run.step === 'ASSIGN') return BEHIND.ASSIGN + (BEHIND.DONE - BEHIND.ASSIGN) * (assigned / run.partitions);
  return BEHIND[run.step];
}

function searchedShare({ trials, settings }: Pick<TrainingRun, 'trials' | 'settings'>): number {
  const done = Object.values(trials).reduce((sum, rung) => sum + Object.keys(rung).length, 0);
  const planned = rungSizes(settings.search).reduce((sum, size) => sum + size, 0);
  return Math.min(1, done / Math.max(1, planned));
}

/** Rows used for training, tuning and testing over all partitions. */
export function extractedRows(extracted: TrainingRun['extracted']): Pick<ExtractedPartition, 'train' | 'tune' | 'test' | 'dropped'> {
  return Object.values(extracted).reduce(
    (sum, part) => ({
      train: sum.train + part.train,
      tune: sum.tune + part.tune,
      test: sum.test + part.test,
      dropped: sum.dropped + part.dropped,
    }),
    { train: 0, tune: 0, test: 0, dropped: 0 },
  );
}

/** People whose response is known in one split, over all partitions. */
export function responseRows(extracted: TrainingRun['extracted'], split: RowSplit): number {
  return Object.values(extracted).reduce((sum, { responses }) => sum + responses[split], 0);
}
