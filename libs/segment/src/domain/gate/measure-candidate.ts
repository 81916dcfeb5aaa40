import { rocAuc } from '../metrics/roc-auc';
import { silhouetteScore } from '../metrics/silhouette-score';
import { compilePipeline } from '../pipeline/compile-pipeline';
import { fitPipeline } from '../pipeline/fit-pipeline';
import type { RawTable } from '../pipeline/raw-table';
import type { RowMatrix } from '../row-matrix';
import { createAssigner, isRunnable } from '../segment-assigner';
import { countLabels, assignGroups, partRng } from '../training/group-rows';
import { eachRow } from '../training/describe-segments';
import { takeTableRows, type ResponsePair } from '../training/labelled-table';
import { responseGain } from '../training/response-gain';
import { sampleOrder } from '../training/sample-order';
import { neutralPipelineSpec } from '../training/segment-pipeline';
import { predictAll } from '../training/train-response';
import type { TrainingSettings } from '../training-run';
import type { SegmentModel } from '../types';

export type JudgedModel = Pick<
  SegmentModel,
  'version' | 'featureNames' | 'pipeline' | 'clusterer' | 'segments' | 'response' | 'metrics' | 'trainedRows' | 'seed'
>;

export interface MeasureRequest {
  /** Rows that neither fit nor search has seen, at least one. */
  readonly heldOut: RawTable;
  /** The judging side: people that neither fit nor search has seen, at a later time. Null where responses say too little. */
  readonly responses: ResponsePair | null;
  readonly candidate: JudgedModel;
  readonly live: JudgedModel | null;
  readonly settings: Pick<TrainingSettings, 'silhouetteRows'>;
}

/** Held-out figures of a candidate, and of the live model on the same rows in the same space. */
export interface GateEvidence {
  readonly heldOutRows: number;
  readonly silhouette: number;
  /** Null without a live model, or when it reads other features or cannot be run by this release. */
  readonly liveSilhouette: number | null;
  /** Share of the response's deviance that segments explain; null where responses say too little. */
  readonly responseGain: number | null;
  readonly liveResponseGain: number | null;
  /** ROC AUC of the response model; null without one. */
  readonly responseAuc: number | null;
  readonly stability: number;
  readonly spreadPerRow: number;
  /** Of `spreadPerRow`, over the held-out rows. */
  readonly spreadStandardError: number;
  readonly trainSpreadPerRow: number;
  readonly trainedRows: number;
  readonly smallestTrainShare: number;
  readonly smallestHeldOutShare: number;
}

const SAMPLE_PART = 21;

/**
 * Measures a candidate on held-out rows. Both models label the same sample, and both labellings are scored in one neutral space, the
 * features in units of their spread, so that only the grouping differs.
 */
export function measureCandidate({ heldOut, responses, candidate, live: former, settings }: MeasureRequest): GateEvidence {
  const live = former !== null && sameFeatures(former, candidate) && isRunnable(former) ? former : null;
  const rows = compilePipeline(candidate.pipeline).transformTable(heldOut);
  const labels = assignGroups(rows, candidate.clusterer);
  const spread = spreadOf(rows, labels, candidate);
  const order = sampleOrder(heldOut.rows, settings.silhouetteRows, partRng(candidate.seed, SAMPLE_PART));
  const sample = takeTableRows(heldOut, order);
  const space = compilePipeline(fitPipeline(neutralPipelineSpec(sample), sample, { seed: candidate.seed }).pipeline).transformTable(sample);
  return {
    heldOutRows: heldOut.rows,
    silhouette: silhouetteOf(candidate, sample, space),
    liveSilhouette: live === null ? null : silhouetteOf(live, sample, space),
    responseGain: responses === null ? null : gainOf(candidate, responses),
    liveResponseGain: live === null || responses === null ? null : gainOf(live, responses),
    responseAuc: aucOf(candidate, responses),
    stability: candidate.metrics['stability'] ?? 0,
    spreadPerRow: spread.mean,
    spreadStandardError: spread.standardError,
    trainSpreadPerRow: candidate.metrics['trainSpreadPerRow'] ?? 0,
    trainedRows: candidate.trainedRows,
    smallestTrainShare: Math.min(...candidate.segments.map((segment) => segment.share)),
    smallestHeldOutShare: Math.min(...countLabels(labels, candidate.segments.length)) / heldOut.rows,
  };
}

export function sameFeatures(a: Pick<SegmentModel, 'featureNames'>, b: Pick<SegmentModel, 'featureNames'>): boolean {
  return a.featureNames.length === b.featureNames.length && a.featureNames.every((name, at) => name === b.featureNames[at]);
}

const silhouetteOf = (model: JudgedModel, sample: RawTable, space: RowMatrix): number =>
  silhouetteScore(space, labelTable(model, sample), model.segments.length);

function gainOf(model: JudgedModel, { train, judge }: ResponsePair): number {
  return responseGain(
    { labels: labelTable(model, train.table), target: train.target },
    { labels: labelTable(model, judge.table), target: judge.target },
    model.segments.length,
  );
}

function aucOf({ response }: JudgedModel, responses: ResponsePair | null): number | null {
  if (response === null || responses === null) return null;
  return rocAuc(predictAll(response, responses.judge.table), responses.judge.target);
}

function labelTable(model: JudgedModel, table: RawTable): Int32Array {
  const assigner = createAssigner(model);
  const groups = new Map(model.segments.map(({ id }, group) => [id, group]));
  return Int32Array.from(eachRow(table, (features) => groups.get(assigner.assign(features)) ?? 0));
}

/** Squared distance of a row's coordinates to the middle of its group: mean over the rows, and the standard error of that mean. */
function spreadOf(
  { rows, columns, values }: RowMatrix,
  labels: Int32Array,
  { clusterer }: JudgedModel,
): { readonly mean: number; readonly standardError: number } {
  const perRow = Float64Array.from({ length: rows }, (_, row) => {
    const middle = clusterer.middles[labels[row] ?? 0] ?? [];
    return middle.reduce((sum, value, c) => sum + ((values[row * columns + c] ?? 0) - value) ** 2, 0);
  });
  const mean = perRow.reduce((sum, value) => sum + value, 0) / rows;
  const squares = perRow.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: rows < 2 ? 0 : Math.sqrt(squares / (rows - 1) / rows) };
}
