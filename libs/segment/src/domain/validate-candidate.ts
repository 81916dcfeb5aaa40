import { rngFromNumber } from '@vitrine/kernel';
import { sampleRows } from './fit-segment-model';
import type { RowMatrix } from './row-matrix';
import { createNearest } from './segment-assigner';
import { silhouette } from './silhouette';
import { scaleRows } from './standard-scaler';
import type { Steps } from './steps';
import type { GateRules, TrainingSettings } from './training-run';
import type { SegmentModel } from './types';

type Candidate = Pick<SegmentModel, 'center' | 'scale' | 'clip' | 'centroids' | 'segments' | 'featureNames' | 'metrics' | 'seed'>;

/** Held-out figures of a candidate, and of the live model on the same rows in the same space. */
export interface GateEvidence {
  readonly heldOutRows: number;
  readonly silhouette: number;
  /** Null without a live model, or when it reads other features. */
  readonly liveSilhouette: number | null;
  readonly inertiaPerRow: number;
  /** Of `inertiaPerRow`, over the held-out rows. */
  readonly inertiaStandardError: number;
  readonly trainInertiaPerRow: number;
  readonly smallestTrainShare: number;
  readonly smallestHeldOutShare: number;
}

/** Normal quantile of a one-sided 95 % bound. */
const ONE_SIDED_Z = 1.645;
/** Expected rows of the smallest admissible segment before its absence among the held-out rows says anything. */
const EXPECTED_ROWS = 10;

/**
 * Measures a candidate on held-out rows. Both models label the same sample, and both labellings are scored in the candidate's scaled
 * space, so that only the grouping differs.
 *
 * @param heldOut raw features, at least one row, unseen by fit and search
 */
export function* measureCandidate(
  heldOut: RowMatrix,
  models: { readonly candidate: Candidate; readonly live: Candidate | null },
  settings: Pick<TrainingSettings, 'silhouetteRows'>,
): Steps<GateEvidence> {
  const { candidate } = models;
  const live = models.live !== null && sameFeatures(models.live, candidate) ? models.live : null;
  const scaled = scaleRows(heldOut, candidate);
  const labels = labelRows(heldOut, candidate);
  const spread = inertia(scaled, labels, candidate);
  const sizes = candidate.centroids.map(() => 0);
  for (const label of labels) sizes[label] = (sizes[label] ?? 0) + 1;
  const sample = sampleRows(heldOut, settings.silhouetteRows, rngFromNumber(candidate.seed));
  const space = scaleRows(sample, candidate);
  return {
    heldOutRows: heldOut.rows,
    silhouette: yield* silhouette(space, labelRows(sample, candidate), candidate.centroids.length),
    liveSilhouette: live === null ? null : yield* silhouette(space, labelRows(sample, live), live.centroids.length),
    inertiaPerRow: spread.mean,
    inertiaStandardError: spread.standardError,
    trainInertiaPerRow: candidate.metrics['trainInertiaPerRow'] ?? 0,
    smallestTrainShare: Math.min(...candidate.segments.map((segment) => segment.share)),
    smallestHeldOutShare: Math.min(...sizes) / heldOut.rows,
  };
}

/** Why a candidate may not go live: `<RULE>: <numbers>`, the first rule broken; null when it may. */
export function judgeCandidate(evidence: GateEvidence, rules: GateRules): string | null {
  const { silhouette: own, liveSilhouette: live } = evidence;
  if (own < rules.minSilhouette) return `NO_STRUCTURE: silhouette ${show(own)}, at least ${rules.minSilhouette}`;
  if (evidence.smallestTrainShare < rules.minShare) {
    return `SEGMENT_TOO_SMALL: ${show(evidence.smallestTrainShare)} of the training rows, at least ${rules.minShare}`;
  }
  const telling = evidence.heldOutRows * rules.minShare >= EXPECTED_ROWS;
  if (telling && evidence.smallestHeldOutShare < rules.minShare / 2) {
    return `SEGMENT_TOO_SMALL: ${show(evidence.smallestHeldOutShare)} of the held-out rows, at least ${rules.minShare / 2}`;
  }
  const limit = evidence.trainInertiaPerRow * (1 + rules.maxInertiaGrowth);
  // A few far rows among few held-out ones say little: only what exceeds the limit beyond chance counts.
  const certain = evidence.inertiaPerRow - ONE_SIDED_Z * evidence.inertiaStandardError;
  if (certain > limit) {
    return `DOES_NOT_HOLD: inertia at least ${show(certain)} (${show(evidence.inertiaPerRow)}) per held-out row, at most ${show(limit)}`;
  }
  if (live !== null && own < live - rules.margin) {
    return `WORSE_THAN_LIVE: silhouette ${show(own)} against ${show(live)} of the live model, margin ${rules.margin}`;
  }
  return null;
}

export function sameFeatures(a: Pick<SegmentModel, 'featureNames'>, b: Pick<SegmentModel, 'featureNames'>): boolean {
  return a.featureNames.length === b.featureNames.length && a.featureNames.every((name, at) => name === b.featureNames[at]);
}

function labelRows({ rows, columns, values }: RowMatrix, model: Candidate): Int32Array {
  const nearest = createNearest(model);
  return Int32Array.from({ length: rows }, (_, row) => nearest(values, row * columns));
}

/** Squared distance of a row to its centroid: mean over the rows, and the standard error of that mean. */
function inertia(
  { rows, columns, values }: RowMatrix,
  labels: Int32Array,
  { centroids }: Candidate,
): { readonly mean: number; readonly standardError: number } {
  const perRow = new Float64Array(rows);
  values.forEach((value, at) => {
    const row = Math.floor(at / columns);
    const d = value - (centroids[labels[row] ?? 0]?.[at % columns] ?? 0);
    perRow[row] = (perRow[row] ?? 0) + d * d;
  });
  const mean = perRow.reduce((sum, value) => sum + value, 0) / rows;
  const squares = perRow.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: rows < 2 ? 0 : Math.sqrt(squares / (rows - 1) / rows) };
}

const show = (value: number): string => value.toFixed(4);
