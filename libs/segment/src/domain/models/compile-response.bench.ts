import { rngFromNumber } from '@vitrine/kernel';
import { rowMatrix } from '../row-matrix';
import { trainBoostedTrees } from './boosted-trees';
import { compileResponse } from './compile-response';
import { trainLogisticRegression } from './logistic-regression';
import type { DenseLayer, ResponseModel } from './response-model';

const INPUTS = 32;
const ROWS = 2_000;

export interface ResponseBenchResult {
  readonly kind: ResponseModel['kind'];
  readonly predictMicros: number;
}

/** Mean time of one prediction from 32 inputs: by a line, by 100 trees of 15 leaves, by a network of 32, 16 and 1 units. Rows take turns. */
export function benchResponse(rounds: number): readonly ResponseBenchResult[] {
  const rng = rngFromNumber(1);
  const numbers = (count: number): number[] => Array.from({ length: count }, () => 2 * rng() - 1);
  const rows = rowMatrix(INPUTS, Float64Array.from(numbers(ROWS * INPUTS)));
  const target = Float64Array.from({ length: ROWS }, (_, row) => (rng() < 0.5 + 0.4 * (rows.values[row * INPUTS] ?? 0) ? 1 : 0));
  const layer = (inputs: number, outputs: number, activation: DenseLayer['activation']): DenseLayer => {
    return { weights: Array.from({ length: outputs }, () => numbers(inputs)), biases: numbers(outputs), activation };
  };
  const trees = { trees: 100, learningRate: 0.1, maxLeaves: 15, minRowsPerLeaf: 10, l2: 1, bins: 64, seed: 1 };
  const models: readonly ResponseModel[] = [
    trainLogisticRegression(rows, target, { l2: 1 }),
    trainBoostedTrees(rows, target, trees),
    { kind: 'IMPORTED', layers: [layer(INPUTS, 32, 'RELU'), layer(32, 16, 'TANH'), layer(16, 1, 'SIGMOID')] },
  ];
  return models.map((model) => ({ kind: model.kind, predictMicros: timePredictions(model, rows.values, rounds) }));
}

function timePredictions(model: ResponseModel, values: Float64Array, rounds: number): number {
  const predict = compileResponse(model);
  for (let i = 0; i < rounds / 10; i++) predict(values, (i % ROWS) * INPUTS);
  const start = performance.now();
  for (let i = 0; i < rounds; i++) predict(values, (i % ROWS) * INPUTS);
  return ((performance.now() - start) * 1_000) / rounds;
}
