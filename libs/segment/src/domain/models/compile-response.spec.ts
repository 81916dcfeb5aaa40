import fc from 'fast-check';
import { rngFromNumber } from '@vitrine/kernel';
import { rowMatrix } from '../row-matrix';
import { trainBoostedTrees } from './boosted-trees';
import { compileResponse } from './compile-response';
import { featureStrengths } from './feature-strengths';
import { trainLogisticRegression } from './logistic-regression';
import { parseResponseModel } from './parse-response-model';
import type { BoostedTreesModel, ImportedModel, LogisticModel, ResponseModel } from './response-model';

const LOGISTIC: LogisticModel = { kind: 'LOGISTIC', intercept: -0.5, weights: [2, 0.1, 0], spreads: [0.5, 30, 7] };

/** (a <= 0 ? (b <= 3, missing left ? -1 : 1) : 2), then (c <= 5, missing right ? 0.25 : 0.5) */
const TREES: BoostedTreesModel = {
  kind: 'BOOSTED_TREES',
  inputs: 3,
  baseline: 0.1,
  roots: [0, 5],
  feature: [0, 1, -1, -1, -1, 2, -1, -1],
  threshold: [0, 3, 0, 0, 0, 5, 0, 0],
  missingLeft: [1, 1, 0, 0, 0, 0, 0, 0],
  left: [1, 2, 0, 0, 0, 6, 0, 0],
  right: [4, 3, 0, 0, 0, 7, 0, 0],
  value: [0, 0, -1, 1, 2, 0, 0.25, 0.5],
  gain: [6, 3, 0, 0, 0, 1, 0, 0],
};

const IMPORTED: ImportedModel = {
  kind: 'IMPORTED',
  layers: [
    {
      weights: [
        [1, -1, 0],
        [0.5, 0.5, 2],
      ],
      biases: [0.1, -0.2],
      activation: 'RELU',
    },
    {
      weights: [
        [1, 2],
        [-1, 0.5],
      ],
      biases: [0, 0.3],
      activation: 'TANH',
    },
    { weights: [[1.5, -0.7]], biases: [0.2], activation: 'SIGMOID' },
  ],
};

const logit = (p: number) => Math.log(p / (1 - p));
const ALL: readonly ResponseModel[] = [LOGISTIC, TREES, IMPORTED];

describe('compileResponse', () => {
  it('adds weighted inputs', () => {
    expect(logit(compileResponse(LOGISTIC)(Float64Array.of(9, 1, 10, 5), 1))).toBeCloseTo(-0.5 + 2 + 1, 12);
  });

  it.each([
    [[-1, 2, 9], -1 + 0.5],
    [[-1, 4, 5], 1 + 0.25],
    [[0, Number.NaN, 5], -1 + 0.25],
    [[Number.NaN, 4, Number.NaN], 1 + 0.5],
    [[0.5, 0, 0], 2 + 0.25],
  ])('walks trees: %j', (row, sum) => {
    expect(logit(compileResponse(TREES)(Float64Array.from(row), 0))).toBeCloseTo(0.1 + sum, 12);
  });

  it('runs an imported network layer by layer', () => {
    const [a, b, c] = [0.4, -0.3, 0.8];
    const hidden = [Math.max(0, a - b + 0.1), Math.max(0, 0.5 * a + 0.5 * b + 2 * c - 0.2)];
    const [x = 0, y = 0] = hidden;
    const z = 1.5 * Math.tanh(x + 2 * y) - 0.7 * Math.tanh(-x + 0.5 * y + 0.3) + 0.2;
    expect(logit(compileResponse(IMPORTED)(Float64Array.of(7, a, b, c), 1))).toBeCloseTo(z, 12);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('takes %d as 0 where inputs are weighted', (missing) => {
    for (const model of [LOGISTIC, IMPORTED]) {
      const predict = compileResponse(model);
      expect(predict(Float64Array.of(0.3, missing, 0.2), 0)).toBe(predict(Float64Array.of(0.3, 0, 0.2), 0));
    }
  });

  it('knows nothing where sums overflow and cancel', () => {
    const huge = 1.7e308;
    expect(compileResponse({ ...LOGISTIC, weights: [2, -2, 0] })(Float64Array.of(huge, huge, 0), 0)).toBe(0.5);
    expect(compileResponse(IMPORTED)(Float64Array.of(-huge, huge, huge), 0)).toBeGreaterThan(0);
  });

  it('stays strictly inside (0, 1) whatever the inputs are, and repeats itself', () => {
    const row = fc.float64Array({ minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(row, fc.constantFrom(...ALL), (values, model) => {
        const predict = compileResponse(model);
        const p = predict(values, 0);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThan(1);
        expect(predict(values, 0)).toBe(p);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('featureStrengths', () => {
  const named = (model: ResponseModel) => Object.fromEntries(featureStrengths(model, ['a', 'b', 'c']).map((s) => [s.name, s.strength]));

  it('weighs a logistic weight by the spread of its input, strongest first', () => {
    const strengths = featureStrengths(LOGISTIC, ['a', 'b', 'c']);
    expect(strengths.map(({ name }) => name)).toEqual(['b', 'a', 'c']);
    expect(named(LOGISTIC)).toEqual({ a: 0.25, b: 0.75, c: 0 });
    const { spreads: _, ...unspread } = LOGISTIC;
    expect(named(unspread)['a']).toBeCloseTo(2 / 2.1, 12);
  });

  it('adds up gains in trees and paths in networks', () => {
    expect(named(TREES)).toEqual({ a: 0.6, b: 0.3, c: 0.1 });
    // Per hidden unit: |1.5| 1 + |0.7| 1 = 2.2 and |1.5| 2 + |0.7| 0.5 = 3.35.
    const raw = { a: 2.2 + 0.5 * 3.35, b: 2.2 + 0.5 * 3.35, c: 2 * 3.35 };
    expect(named(IMPORTED)['c']).toBeCloseTo(raw.c / (raw.a + raw.b + raw.c), 12);
  });

  it('is all 0 for a model that looks at nothing', () => {
    expect(named({ ...LOGISTIC, weights: [0, 0, 0] })).toEqual({ a: 0, b: 0, c: 0 });
  });

  it('finds the input that matters in trained models', () => {
    const rng = rngFromNumber(12);
    const rows = rowMatrix(
      3,
      Float64Array.from({ length: 3000 }, () => rng()),
    );
    const target = Float64Array.from({ length: 1000 }, (_, row) => (rng() < (rows.values[3 * row + 1] ?? 0) ? 1 : 0));
    const trees = trainBoostedTrees(rows, target, {
      trees: 5,
      learningRate: 0.3,
      maxLeaves: 4,
      minRowsPerLeaf: 50,
      l2: 0,
      bins: 32,
      seed: 1,
    });
    for (const model of [trees, trainLogisticRegression(rows, target, { l2: 1 })]) {
      expect(featureStrengths(model, ['a', 'b', 'c'])[0]?.name).toBe('b');
      expect(named(model)['b']).toBeGreaterThan(0.7);
    }
  });
});

describe('parseResponseModel', () => {
  it('reads back what was written as JSON', () => {
    for (const model of ALL) expect(parseResponseModel(JSON.parse(JSON.stringify(model)))).toEqual(model);
  });

  const [first, second, third] = IMPORTED.layers;
  it.each<[unknown, string]>([
    [null, 'model'],
    [[], 'model'],
    [{ kind: 'FOREST' }, 'kind'],
    [{ ...LOGISTIC, intercept: Number.NaN }, 'intercept'],
    [{ ...LOGISTIC, weights: [1, '2', 3] }, 'weights.1'],
    [{ ...LOGISTIC, spreads: [1] }, 'spreads'],
    [{ ...TREES, value: TREES.value.slice(1) }, 'value'],
    [{ ...TREES, roots: [0, 8] }, 'roots.1'],
    [{ ...TREES, feature: TREES.feature.with(1, 3) }, 'feature.1'],
    [{ ...TREES, feature: TREES.feature.with(2, -2) }, 'feature.2'],
    [{ ...TREES, left: TREES.left.with(1, 0) }, 'left.1'],
    [{ ...TREES, right: TREES.right.with(0, 99) }, 'right.0'],
    [{ ...TREES, missingLeft: TREES.missingLeft.with(0, 2) }, 'missingLeft.0'],
    [{ ...TREES, inputs: 2.5 }, 'inputs'],
    [{ kind: 'IMPORTED', layers: [] }, 'layers'],
    [{ kind: 'IMPORTED', layers: [first, second] }, 'layers'],
    [{ kind: 'IMPORTED', layers: [first, { ...third, activation: 'TANH' }] }, 'layers'],
    [{ kind: 'IMPORTED', layers: [{ ...first, weights: [[1, 2, 3], [1]] }, third] }, 'layers.0.weights.1'],
    [{ kind: 'IMPORTED', layers: [{ ...first, biases: [0] }, third] }, 'layers.0.weights'],
    [{ kind: 'IMPORTED', layers: [first, { ...third, weights: [[1, 2, 3]] }] }, 'layers.1.weights.0'],
    [{ kind: 'IMPORTED', layers: [first, { ...third, activation: 'SOFTMAX' }] }, 'layers.1.activation'],
    [{ kind: 'IMPORTED', layers: [{ weights: [[]], biases: [0], activation: 'SIGMOID' }] }, 'layers.0.weights.0'],
  ])('refuses %j and names %s', (value, place) => {
    expect(() => parseResponseModel(value)).toThrow(expect.objectContaining({ code: 'RESPONSE_MODEL_MALFORMED', details: { place } }));
  });
});
