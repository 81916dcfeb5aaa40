import { sigmoid } from '@vitrine/bandit';
import { rngFromNumber } from '@vitrine/kernel';
import { rowMatrix } from '../row-matrix';
import { trainLogisticRegression } from './logistic-regression';

const rng = rngFromNumber(5);
const draw = (rows: number, columns: number) =>
  rowMatrix(
    columns,
    Float64Array.from({ length: rows * columns }, () => 2 * rng() - 1),
  );

describe('trainLogisticRegression', () => {
  it('finds the rule that made the outcomes', () => {
    const data = draw(40_000, 2);
    const target = Float64Array.from({ length: data.rows }, (_, row) => {
      const z = -1 + 2 * (data.values[2 * row] ?? 0) - 0.5 * (data.values[2 * row + 1] ?? 0);
      return rng() < sigmoid(z) ? 1 : 0;
    });
    const { intercept, weights } = trainLogisticRegression(data, target, { l2: 1 });
    // Standard errors are about 0.014 and 0.023: five of them.
    expect(Math.abs(intercept + 1)).toBeLessThan(0.07);
    expect(Math.abs((weights[0] ?? 0) - 2)).toBeLessThan(0.12);
    expect(Math.abs((weights[1] ?? 0) + 0.5)).toBeLessThan(0.12);
  });

  it('stops with finite weights and every row on its side where a line separates the rows and nothing is penalised', () => {
    const data = rowMatrix(1, Float64Array.of(-3, -2, -1, 1, 2, 3));
    const { intercept, weights } = trainLogisticRegression(data, Float64Array.of(0, 0, 0, 1, 1, 1), { l2: 0 });
    expect(Number.isFinite(intercept)).toBe(true);
    expect(weights[0]).toBeGreaterThan(10);
    expect(weights[0]).toBeLessThan(100);
  });

  it('reaches the optimum where full Newton steps run away: the one row with the outcome lies far out', () => {
    const values = Float64Array.of(0.1, 2.3, -11.7, 2.9, 1, -0.8, 0.2, 1.5, 0.1, -1.5, -7.7, -1.9);
    const target = Float64Array.from(values, (value) => (value === -11.7 ? 1 : 0));
    const l2 = 0.01;
    const { intercept, weights } = trainLogisticRegression(rowMatrix(1, values), target, { l2 });
    let [slope, constant] = [l2 * (weights[0] ?? 0), 0];
    values.forEach((value, row) => {
      const residual = sigmoid(intercept + value * (weights[0] ?? 0)) - (target[row] ?? 0);
      slope += residual * value;
      constant += residual;
    });
    expect(Math.abs(slope)).toBeLessThan(1e-9);
    expect(Math.abs(constant)).toBeLessThan(1e-9);
  });

  it('splits the effect evenly between two copies of a column, penalised or not', () => {
    const single = draw(300, 1);
    const target = Float64Array.from(single.values, (value) => (rng() < sigmoid(2 * value) ? 1 : 0));
    const twice = rowMatrix(
      2,
      Float64Array.from({ length: 600 }, (_, at) => single.values[at >> 1] ?? 0),
    );
    const alone = trainLogisticRegression(single, target, { l2: 0 }).weights[0] ?? 0;
    for (const l2 of [0, 1e-9]) {
      const [first = 0, second = 0] = trainLogisticRegression(twice, target, { l2 }).weights;
      expect(first).toBeCloseTo(alone / 2, 3); // flat without a penalty: rounding decides the last digits
      expect(first + second).toBeCloseTo(alone, 6);
    }
  });

  it('gives a column that never varies no weight under a penalty, and the rate of the rows without any other column', () => {
    const data = rowMatrix(1, new Float64Array(8).fill(7));
    const { intercept, weights, spreads } = trainLogisticRegression(data, Float64Array.of(1, 1, 0, 0, 0, 0, 0, 0), { l2: 1 });
    expect(weights[0]).toBeCloseTo(0, 9);
    expect(intercept).toBeCloseTo(Math.log(2 / 6), 8);
    expect(spreads).toEqual([0]);
  });

  it('refuses outcomes that are all the same and inputs that are not finite, naming the place', () => {
    const data = rowMatrix(2, Float64Array.of(1, 2, 3, Number.NaN));
    const train = (target: Float64Array) => () => trainLogisticRegression(data, target, { l2: 1 });
    expect(train(Float64Array.of(1, 1))).toThrow(expect.objectContaining({ code: 'TARGET_CONSTANT' }));
    expect(train(Float64Array.of(1, 0))).toThrow(
      expect.objectContaining({ code: 'FEATURE_VALUE_INVALID', details: { row: 1, column: 1 } }),
    );
  });
});
