import { invariant } from '@vitrine/kernel';
import { rocAuc } from '../metrics/roc-auc';
import { logLoss } from '../metrics/probability-loss';
import { trainBoostedTrees } from '../models/boosted-trees';
import { trainLogisticRegression } from '../models/logistic-regression';
import { compileResponse } from '../models/compile-response';
import type { ResponseModel } from '../models/response-model';
import { compilePipeline } from '../pipeline/compile-pipeline';
import { fitPipeline } from '../pipeline/fit-pipeline';
import type { RawTable } from '../pipeline/raw-table';
import type { FittedPipeline, StepSpec } from '../pipeline/step-types';
import type { RowMatrix } from '../row-matrix';
import { columnsOf, STANDARD } from './segment-pipeline';
import type { LabelledTable, ResponsePair } from './labelled-table';

/** One way to model a response. */
export type ResponseConfiguration =
  | { readonly kind: 'LOGISTIC'; readonly l2: number }
  | {
      readonly kind: 'BOOSTED_TREES';
      readonly trees: number;
      readonly learningRate: number;
      readonly maxLeaves: number;
      readonly minRowsPerLeaf: number;
    };

/** What is tried: penalties over four orders of size, and small, slow trees, since responses are few and noisy. */
export const RESPONSE_CONFIGURATIONS: readonly ResponseConfiguration[] = [
  ...[0.1, 1, 10, 100].map((l2) => ({ kind: 'LOGISTIC', l2 }) as const),
  ...[4, 8].flatMap((maxLeaves) =>
    [50, 150].map((trees) => ({ kind: 'BOOSTED_TREES', trees, learningRate: 0.05, maxLeaves, minRowsPerLeaf: 40 }) as const),
  ),
];

export interface ResponseCandidate {
  readonly configuration: ResponseConfiguration;
  /** On the judging rows. */
  readonly auc: number;
  readonly logLoss: number;
}

export interface ResponseSearch {
  readonly best: ResponseConfiguration;
  readonly candidates: readonly ResponseCandidate[];
}

export interface FittedResponse {
  readonly pipeline: FittedPipeline;
  readonly model: ResponseModel;
}

/**
 * Tries every configuration on the training rows and judges it on the others: least log loss wins, since a decision needs probabilities.
 *
 * @param pairs at least one; what is judged is averaged over all judging rows
 */
export function searchResponse(
  pairs: readonly ResponsePair[],
  { configurations = RESPONSE_CONFIGURATIONS, seed }: { readonly configurations?: readonly ResponseConfiguration[]; readonly seed: number },
): ResponseSearch {
  const people = pairs.reduce((sum, { judge }) => sum + judge.table.rows, 0);
  const candidates = configurations.map((configuration): ResponseCandidate => {
    const scores = pairs.map(({ train, judge }) => {
      const predicted = predictAll(fitResponse(train, configuration, seed), judge.table);
      const share = judge.table.rows / people;
      return { auc: share * rocAuc(predicted, judge.target), logLoss: share * logLoss(predicted, judge.target) };
    });
    const sum = (figure: 'auc' | 'logLoss'): number => scores.reduce((total, score) => total + score[figure], 0);
    return { configuration, auc: sum('auc'), logLoss: sum('logLoss') };
  });
  const [first, ...rest] = candidates;
  invariant(first !== undefined && people > 0, 'there is something to choose from, and by');
  return { best: rest.reduce((best, one) => (one.logLoss < best.logLoss ? one : best), first).configuration, candidates };
}

export function fitResponse({ table, target }: LabelledTable, configuration: ResponseConfiguration, seed: number): FittedResponse {
  const { pipeline, rows } = fitPipeline({ columns: columnsOf(table), steps: stepsFor(table, configuration) }, table, { target, seed });
  return { pipeline, model: fitModel(rows, target, configuration, seed) };
}

function fitModel(rows: RowMatrix, target: Float64Array, configuration: ResponseConfiguration, seed: number): ResponseModel {
  if (configuration.kind === 'LOGISTIC') return trainLogisticRegression(rows, target, { l2: configuration.l2 });
  const { trees, learningRate, maxLeaves, minRowsPerLeaf } = configuration;
  return trainBoostedTrees(rows, target, { trees, learningRate, maxLeaves, minRowsPerLeaf, l2: 1, bins: 255, seed });
}

/** Probability of a response per row. */
export function predictAll({ pipeline, model }: FittedResponse, table: RawTable): Float64Array {
  const { rows, columns, values } = compilePipeline(pipeline).transformTable(table);
  const probability = compileResponse(model);
  return Float64Array.from({ length: rows }, (_, row) => probability(values, row * columns));
}

/** Counts and times are skewed and need a logarithm where weights are linear; trees care for order alone. Texts become one column each value. */
function stepsFor({ columns }: RawTable, { kind }: ResponseConfiguration): readonly StepSpec[] {
  const numeric = columns.filter((column) => column.kind === 'NUMERIC').map(({ name }) => name);
  const textual = columns.filter((column) => column.kind === 'CATEGORICAL').map(({ name }) => name);
  const oneHot: readonly StepSpec[] = textual.length === 0 ? [] : [{ kind: 'one-hot', columns: textual, minCount: RARE_ROWS }];
  if (kind === 'BOOSTED_TREES') return oneHot;
  return [{ kind: 'impute', columns: numeric, strategy: 'median' }, { kind: 'log1p', columns: numeric }, ...oneHot, ...STANDARD];
}

/** Texts that fewer rows have say nothing of their own. */
const RARE_ROWS = 20;
