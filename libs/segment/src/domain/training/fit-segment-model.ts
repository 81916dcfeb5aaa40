import { driftReference } from '../drift';
import { rocAuc } from '../metrics/roc-auc';
import { silhouetteScore } from '../metrics/silhouette-score';
import { compilePipeline } from '../pipeline/compile-pipeline';
import { fitPipeline } from '../pipeline/fit-pipeline';
import type { RawTable } from '../pipeline/raw-table';
import type { FittedPipeline } from '../pipeline/step-types';
import { rowMatrix, type RowMatrix } from '../row-matrix';
import type { SegmentConfiguration } from '../search/configuration';
import { createAssigner, type AssignableModel } from '../segment-assigner';
import type { RunMetric, TrainingSettings } from '../training-run';
import type { SegmentModel, TrainedResponse } from '../types';
import { alignEmbedding } from './align-embedding';
import { describeSegments, eachRow } from './describe-segments';
import { groupRows, assignGroups, partRng, type Grouping, type GroupingOptions } from './group-rows';
import { rfmColumnsOf } from './group-by-rules';
import { takeTableRows, type ResponsePair } from './labelled-table';
import { sampleOrder } from './sample-order';
import { segmentPipelineSpec } from './segment-pipeline';
import { resampledAgreement } from './stability';
import { fitResponse, predictAll, searchResponse } from './train-response';

export type FittedModel = Pick<
  SegmentModel,
  | 'featureNames'
  | 'pipeline'
  | 'clusterer'
  | 'segments'
  | 'nextSegment'
  | 'response'
  | 'reference'
  | 'configuration'
  | 'metrics'
  | 'trainedRows'
  | 'seed'
>;

export interface FitRequest {
  /** Raw numeric features, at least one row. */
  readonly train: RawTable;
  /** Rows of other people, which the fit never sees. */
  readonly tune: RawTable;
  /** Null where responses say too little. */
  readonly responses: ResponsePair | null;
  readonly configuration: SegmentConfiguration;
  readonly settings: TrainingSettings;
  readonly seed: number;
  /** The live model, whose segments' ids and coordinates are kept where they are found again; null for none that reads the same features. */
  readonly live: AssignableModel | null;
  /** First number that no segment of any version has. */
  readonly nextSegment: number;
}

export interface FitOutcome {
  readonly model: FittedModel;
  /** What was measured on the way. */
  readonly log: readonly RunMetric[];
}

const PART = { fit: 11, described: 12, tune: 13, resample: 14 } as const;
/** Rows that segments are named, matched with live ones, resampled and watched for drift by: shares and means are settled long before the last. */
const DESCRIBED_ROWS = 20_000;

/** Rows and a configuration to a model. The same request gives the same model, bit for bit. Segments are ordered by size, largest first. */
export function fitSegmentModel(request: FitRequest): FitOutcome {
  const { train, responses, configuration, settings, seed, live } = request;
  const sample = takeTableRows(train, sampleOrder(train.rows, DESCRIBED_ROWS, partRng(seed, PART.described)));
  const found = fitPipeline(segmentPipelineSpec(train, configuration), train, { seed }).pipeline;
  const pipeline = alignEmbedding(found, sample, live === null ? null : embeddingOf(live, sample));
  const rows = compilePipeline(pipeline).transformTable(train);
  const { restarts, maxIterations } = settings;
  const { algorithm, segments } = configuration;
  const options = { algorithm, segments, restarts, maxIterations, rfmColumns: rfmColumnsOf(train, configuration) };
  const grouping = groupRows(rows, options, partRng(seed, PART.fit));
  const { summaries, nextSegment } = describeSegments({ ...request, pipeline, grouping, sample });
  const judged = judgeFit(request, { pipeline, grouping, options, sample });
  const response = responses === null ? null : trainResponse(responses, seed);
  const metrics = {
    segments: grouping.sizes.length,
    iterations: grouping.iterations,
    trainSpreadPerRow: spreadPerRow(rows, grouping),
    ...(grouping.bic === null ? {} : { bicPerRow: grouping.bic }),
    ...judged.metrics,
    ...(response === null ? {} : { responseAuc: response.trained.auc }),
  };
  return {
    model: {
      ...{ featureNames: train.columns.map(({ name }) => name), pipeline, clusterer: grouping.clusterer, segments: summaries, nextSegment },
      response: response?.trained ?? null,
      reference: driftReference(sample, Object.fromEntries(summaries.map(({ id, share }) => [id, share]))),
      ...{ configuration, metrics, trainedRows: train.rows, seed },
    },
    log: [...Object.entries(metrics).map(([name, value]) => ({ name, index: 0, value })), ...judged.log, ...(response?.log ?? [])],
  };
}

function embeddingOf(model: AssignableModel, table: RawTable): RowMatrix {
  const assigner = createAssigner(model);
  const values = new Float64Array(table.rows * assigner.width);
  eachRow(table, (features) => assigner.place(features).embedding).forEach((place, row) => values.set(place, row * assigner.width));
  return rowMatrix(assigner.width, values);
}

interface Fit {
  readonly pipeline: FittedPipeline;
  readonly grouping: Grouping;
  readonly options: GroupingOptions;
  readonly sample: RawTable;
}

/** How good the groups are on rows of other people, and how much of them is chance. */
function judgeFit({ tune, settings, seed }: FitRequest, { pipeline, grouping, options, sample }: Fit) {
  const compiled = compilePipeline(pipeline);
  const judge = compiled.transformTable(takeTableRows(tune, sampleOrder(tune.rows, settings.silhouetteRows, partRng(seed, PART.tune))));
  const labels = assignGroups(judge, grouping.clusterer);
  const train = compiled.transformTable(sample);
  const agreement = resampledAgreement(
    { train, judge, labels, options, resamples: settings.search.resamples },
    partRng(seed, PART.resample),
  );
  return {
    metrics: {
      tuneSilhouette: silhouetteScore(judge, labels, grouping.sizes.length),
      stability: agreement.reduce((sum, index) => sum + index, 0) / Math.max(1, agreement.length),
    },
    log: agreement.map((value, index) => ({ name: 'resampledAgreement', index, value })),
  };
}

function trainResponse(responses: ResponsePair, seed: number): { readonly trained: TrainedResponse; readonly log: readonly RunMetric[] } {
  const { best, candidates } = searchResponse([responses], { seed });
  const fitted = fitResponse(responses.train, best, seed);
  const auc = rocAuc(predictAll(fitted, responses.judge.table), responses.judge.target);
  return {
    trained: { ...fitted, auc, people: responses.judge.table.rows },
    log: candidates.flatMap((one, index) => [
      { name: 'responseAuc', index, value: one.auc },
      { name: 'responseLogLoss', index, value: one.logLoss },
    ]),
  };
}

/** Mean squared distance of the coordinates to the middle of their group. */
function spreadPerRow({ rows, columns, values }: RowMatrix, { clusterer, labels }: Grouping): number {
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const middle = clusterer.middles[labels[row] ?? 0];
    for (let c = 0; c < columns; c++) total += ((values[row * columns + c] ?? 0) - (middle?.[c] ?? 0)) ** 2;
  }
  return total / rows;
}
