import { rngFromNumber, shuffledOrder } from '@vitrine/kernel';
import { compilePipeline } from './compile-pipeline';
import { fitPipeline, type FitPipelineResult } from './fit-pipeline';
import { takeTableRows } from './pipeline.fixture';
import { trainingRows, trainingTarget } from '../../testing/pipeline-reference.fixture';
import type { FittedStep, PipelineSpec } from './step-types';

/** Steps that look at the target come first, so that later ones learn from what they gave the training rows. */
const SPEC: PipelineSpec = {
  columns: [
    { name: 'ProductRelated', kind: 'NUMERIC' },
    { name: 'skewed', kind: 'NUMERIC' },
    { name: 'signed', kind: 'NUMERIC' },
    { name: 'Month', kind: 'CATEGORICAL' },
    { name: 'city', kind: 'CATEGORICAL' },
  ],
  steps: [
    { kind: 'impute', columns: '*', strategy: 'most-frequent' },
    { kind: 'target-encode', columns: ['city'], smooth: 'auto' },
    { kind: 'one-hot', columns: ['Month'] },
    { kind: 'power', columns: ['signed'], method: 'yeo-johnson' },
    { kind: 'power', columns: ['skewed', 'ProductRelated'], method: 'box-cox' },
    { kind: 'standard-scale', columns: '*' },
    { kind: 'select-k-best', columns: '*', k: 6, score: 'anova-f' },
    { kind: 'pca', columns: '*', components: 4, solver: 'randomised' },
  ],
};

const order = [...shuffledOrder(trainingRows.rows, rngFromNumber(2))];
const fit = (seed: number, rows = [...order.keys()]): FitPipelineResult =>
  fitPipeline(SPEC, takeTableRows(trainingRows, rows), { target: Float64Array.from(rows, (row) => trainingTarget[row] ?? 0), seed });

function encodingOf({ pipeline }: FitPipelineResult): Extract<FittedStep, { kind: 'target-encode' }> | undefined {
  return pipeline.steps.find((step) => step.kind === 'target-encode');
}

describe('a pipeline whose steps look at the target', () => {
  it('is the same whatever the order of its rows, and shows each row the same', () => {
    const straight = fit(5);
    const shuffled = fit(5, order);
    const width = straight.rows.columns;
    shuffled.rows.values.forEach((value, at) => {
      const row = order[Math.floor(at / width)] ?? 0;
      expect(value).toBeCloseTo(straight.rows.values[row * width + (at % width)] ?? Number.NaN, 9);
    });
    const numbers = (result: FitPipelineResult): number[] =>
      JSON.stringify(result.pipeline)
        .match(/-?\d+\.\d+(e-?\d+)?/g)
        ?.map(Number) ?? [];
    expect(numbers(shuffled)).toHaveLength(numbers(straight).length);
    const expected = numbers(straight);
    numbers(shuffled).forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 8));
  });

  it('shows training rows what the other folds say, and new rows what all say', () => {
    const spec: PipelineSpec = { ...SPEC, columns: SPEC.columns.slice(4), steps: SPEC.steps.slice(1, 2) };
    const { pipeline, rows } = fitPipeline(spec, trainingRows, { target: trainingTarget, seed: 5 });
    const all = compilePipeline(pipeline).transformTable(trainingRows);
    const covariance = (values: Float64Array): number =>
      values.reduce((sum, value, row) => sum + value * ((trainingTarget[row] ?? 0) - 1 / 3), 0) / values.length;
    expect(rows.values).not.toEqual(all.values);
    // Cities were drawn without looking at purchases: what is learned from a row's own purchase looks like knowledge, and is none.
    expect(covariance(all.values)).toBeGreaterThan(0.02);
    expect(Math.abs(covariance(rows.values))).toBeLessThan(0.01);
  });

  it('deals other folds under another seed, and learns the same', () => {
    expect(fit(6).rows.values).not.toEqual(fit(5).rows.values);
    expect(encodingOf(fit(6))).toEqual(encodingOf(fit(5)));
    expect(encodingOf(fit(5))?.values[0]?.length).toBeGreaterThan(5);
  });
});
