import type { ErrorCode } from '@vitrine/kernel';

export const TRAINING_TRIGGERS = ['MANUAL', 'SCHEDULE', 'DRIFT'] as const;
export type TrainingTrigger = (typeof TRAINING_TRIGGERS)[number];
export const TRAINING_STATUSES = ['RUNNING', 'PUBLISHED', 'REFUSED', 'FAILED'] as const;
export type TrainingStatus = (typeof TRAINING_STATUSES)[number];
/** In order; a run only moves forward. */
export const TRAINING_STEPS = ['EXTRACT', 'FIT', 'VALIDATE', 'PUBLISH', 'ASSIGN', 'DONE'] as const;
export type TrainingStep = (typeof TRAINING_STEPS)[number];

/** Everything that shapes a model; stored with the run, so that a step that runs again does the same. */
export interface TrainingSettings {
  /** Numbers of segments tried: every whole number in [minSegments, maxSegments]. */
  readonly minSegments: number;
  readonly maxSegments: number;
  readonly restarts: number;
  readonly maxIterations: number;
  /** Fewer rows in all: TOO_FEW_ROWS. */
  readonly minRows: number;
  /** Training rows that the search for the number of segments looks at. */
  readonly searchRows: number;
  /** Rows that a silhouette is taken over (its cost is quadratic). */
  readonly silhouetteRows: number;
  readonly gate: GateRules;
}

/** What a candidate must satisfy on rows that neither its fit nor its search has seen. */
export interface GateRules {
  readonly minSilhouette: number;
  /** Smallest share of rows per segment. */
  readonly minShare: number;
  /** Inertia per held-out row may exceed that of a training row by this share. */
  readonly maxInertiaGrowth: number;
  /** The candidate's silhouette may lie below the live model's on the same rows by at most this much. */
  readonly margin: number;
}

export const DEFAULT_TRAINING_SETTINGS: TrainingSettings = {
  minSegments: 2,
  maxSegments: 10,
  restarts: 4,
  maxIterations: 100,
  minRows: 200,
  searchRows: 20_000,
  silhouetteRows: 1_000,
  gate: { minSilhouette: 0.05, minShare: 0.01, maxInertiaGrowth: 0.25, margin: 0.02 },
};

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
  /** Rows left out because a feature was missing or not finite. */
  readonly dropped: number;
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
  readonly trigger: TrainingTrigger;
  readonly status: TrainingStatus;
  readonly step: TrainingStep;
  readonly partitions: number;
  readonly seed: number;
  /** Version that the run's model gets. */
  readonly modelVersion: number;
  readonly settings: TrainingSettings;
  readonly featureNames: readonly string[];
  /** Keyed by partition number. */
  readonly extracted: Readonly<Record<string, ExtractedPartition>>;
  readonly assigned: Readonly<Record<string, AssignedPartition>>;
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null;
  readonly startedAt: number;
  /** Moves with every sign of life. */
  readonly updatedAt: number;
  readonly finishedAt: number | null;
}

/** Share of a run's work that lies behind each step when it begins. */
const BEHIND: Readonly<Record<TrainingStep, number>> = { EXTRACT: 0, FIT: 0.3, VALIDATE: 0.6, PUBLISH: 0.68, ASSIGN: 0.7, DONE: 1 };

/** In [0, 1]; never falls during a run. */
export function progressOf(run: Pick<TrainingRun, 'step' | 'partitions' | 'extracted' | 'assigned'>): number {
  const extracted = Object.keys(run.extracted).length;
  const assigned = Object.values(run.assigned).filter((partition) => partition.done).length;
  if (run.step === 'EXTRACT') return BEHIND.FIT * (extracted / run.partitions);
  if (run.step === 'ASSIGN') return BEHIND.ASSIGN + (BEHIND.DONE - BEHIND.ASSIGN) * (assigned / run.partitions);
  return BEHIND[run.step];
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
