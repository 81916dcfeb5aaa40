import { rngFromNumber } from '@vitrine/kernel';
import fc from 'fast-check';
import { aReward, aTrial, foldAll } from '../fixtures';
import { LOGISTIC, logisticFamily, precisionAt } from './logistic.family';
import { isMergeable, isUnfoldable, type Observation } from './statistics-family';

const D = 3;
const LAMBDA = 0.8;
const family = logisticFamily(D, LAMBDA);
const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

type Matrix = number[][];

/** The precision that statistics hold, as a full matrix: L D L^T of the packed columns. */
function precisionOf(statistics: Float64Array, d = D): Matrix {
  const lower: Matrix = Array.from({ length: d }, () => new Array<number>(d).fill(0));
  const pivots: number[] = [];
  let place = precisionAt(d);
  for (let k = 0; k < d; k++) {
    pivots.push(statistics[place++] ?? Number.NaN);
    (lower[k] ?? [])[k] = 1;
    for (let i = k + 1; i < d; i++) (lower[i] ?? [])[k] = statistics[place++] ?? Number.NaN;
  }
  return lower.map((a) => lower.map((b) => a.reduce((sum, value, k) => sum + value * (b[k] ?? 0) * (pivots[k] ?? 0), 0)));
}

function solve(matrix: Matrix, x: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, x[i] ?? 0]);
  rows.forEach((pivotRow, k) => {
    rows.forEach((row, i) => {
      if (i === k) return;
      const factor = (row[k] ?? 0) / (pivotRow[k] ?? 1);
      row.forEach((entry, j) => (row[j] = entry - factor * (pivotRow[j] ?? 0)));
    });
  });
  return rows.map((row, i) => (row[x.length] ?? 0) / (row[i] ?? 1));
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

/**
 * The same posterior by full Newton steps in all d dimensions on the log posterior: another road than the family's scalar equation.
 * Trials with their whole reward only.
 */
class NaiveLaplace {
  weights: number[];
  precision: Matrix;

  constructor(d: number, lambda: number) {
    this.weights = new Array<number>(d).fill(0);
    this.precision = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? lambda : 0)));
  }

  learn(x: readonly number[], reward: number): void {
    const prior = [...this.weights];
    let mode = [...prior];
    for (let step = 0; step < 500; step++) {
      const p = sigmoid(dot(mode, x));
      const apart = mode.map((value, i) => value - (prior[i] ?? 0));
      const gradient = this.precision.map((row, i) => (reward - p) * (x[i] ?? 0) - dot(row, apart));
      const hessian = this.precision.map((row, i) => row.map((value, j) => value + p * (1 - p) * (x[i] ?? 0) * (x[j] ?? 0)));
      const move = solve(hessian, gradient);
      mode = mode.map((value, i) => value + 0.5 * (move[i] ?? 0)); // half steps: whole ones overshoot
    }
    const p = sigmoid(dot(mode, x));
    this.precision = this.precision.map((row, i) => row.map((value, j) => value + p * (1 - p) * (x[i] ?? 0) * (x[j] ?? 0)));
    this.weights = mode;
  }
}

const weightsOf = (statistics: Float64Array): number[] => [...statistics.subarray(LOGISTIC.weights, precisionAt(D))];

function expectSame(statistics: Float64Array, { weights, precision }: { weights: number[]; precision: Matrix }, tolerance = 1e-9): void {
  weightsOf(statistics).forEach((value, i) => expect(Math.abs(value - (weights[i] ?? Number.NaN))).toBeLessThan(tolerance));
  precisionOf(statistics).forEach((row, i) =>
    row.forEach((value, j) => expect(Math.abs(value - (precision[i]?.[j] ?? Number.NaN))).toBeLessThan(tolerance)),
  );
}

const posteriorOf = (statistics: Float64Array): { weights: number[]; precision: Matrix } => ({
  weights: weightsOf(statistics),
  precision: precisionOf(statistics),
});

function someTrials(count: number, seed: number, scale = 2): Observation[] {
  const rng = rngFromNumber(seed);
  return Array.from({ length: count }, () =>
    aTrial({
      context: Float64Array.from({ length: D }, (_, i) => (i === 0 ? 1 : scale * (2 * rng() - 1))),
      reward: rng() < 0.3 ? 1 : rng() / 2,
    }),
  );
}

// Contexts are whole numbers of 1/32 in [-127, 127] / 32, as decisions quantise them.
const context = fc
  .array(fc.integer({ min: -127, max: 127 }), { minLength: D, maxLength: D })
  .map((steps) => Float64Array.from(steps, (step) => step / 32));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const history = fc.array(fc.record({ context, reward: share }).map(aTrial), { maxLength: 10 });

describe('the family logistic', () => {
  it('is where Newton steps in all dimensions end, trial by trial', () => {
    const naive = new NaiveLaplace(D, LAMBDA);
    const statistics = new Float64Array(family.length);
    for (const trial of someTrials(40, 1)) {
      naive.learn([...trial.context], trial.reward);
      family.fold(statistics, trial);
      expectSame(statistics, naive);
    }
    expect(statistics[LOGISTIC.trials]).toBe(40);
  });

  it('counts a reward before the next trial like the same reward at once', () => {
    fc.assert(
      fc.property(history, context, share, share, (before, x, first, second) => {
        const delta = (1 - first) * second;
        const start = foldAll(family, before);
        const once = foldAll(family, [aTrial({ context: x, reward: first + delta })], start.slice());
        const late = foldAll(
          family,
          [aTrial({ context: x, reward: first }), aReward({ context: x, reward: delta, before: first })],
          start.slice(),
        );
        expectSame(late, posteriorOf(once), 1e-8);
        expect(late[LOGISTIC.rewardSum]).toBeCloseTo(once[LOGISTIC.rewardSum] ?? Number.NaN, 12);
      }),
    );
  });

  it('restores what a reward did when it is taken back', () => {
    const past = [Float64Array.of(0, 0, -0.5), Float64Array.of(-1.375, -2.15625, 0)].map((x) => aTrial({ context: x }));
    fc.assert(
      fc.property(history, context, (before, x) => {
        const start = foldAll(family, [...before, aTrial({ context: x })]);
        const after = foldAll(family, [aReward({ context: x, reward: 1 }), aReward({ context: x, reward: -1, before: 1 })], start.slice());
        expectSame(after, posteriorOf(start), 1e-8);
      }),
      { examples: [[past, Float64Array.of(0, -3.6875, -3.90625)]] }, // Newton's method alone goes round in circles here
    );
  });

  it('takes rewards that come fifty trials late nearly as if they had come at once', () => {
    const trials = someTrials(3000, 2, 1).map((trial) => ({ ...trial, reward: trial.reward === 1 ? 1 : 0 }));
    const delayed = trials.flatMap((trial, i) => {
      const due = trials[i - 50];
      return [{ ...trial, reward: 0 }, ...(due?.reward === 1 ? [aReward({ context: due.context, reward: 1 })] : [])];
    });
    const shown = foldAll(family, delayed);
    // The last fifty are not rewarded yet.
    const once = foldAll(family, [...trials.slice(0, -50), ...trials.slice(-50).map((trial) => ({ ...trial, reward: 0 }))]);
    [0, 1, 2].forEach((i) => {
      const deviation = Math.sqrt(
        solve(
          precisionOf(once),
          [0, 1, 2].map((j) => (i === j ? 1 : 0)),
        )[i] ?? 0,
      );
      expect(Math.abs((weightsOf(shown)[i] ?? 0) - (weightsOf(once)[i] ?? 0))).toBeLessThan(0.5 * deviation);
    });
  });

  it('does not overshoot at a surprise where little is known', () => {
    const x = Float64Array.of(1, 3, 3);
    const sure = new Float64Array(family.length);
    foldAll(family, [aTrial({ context: Float64Array.of(1, 0, 0) })], sure);
    sure.set([-8, 0, 0], LOGISTIC.weights);
    family.fold(sure, aTrial({ context: x, reward: 1 }));
    const predictor = dot(weightsOf(sure), [...x]);
    expect(predictor).toBeGreaterThan(-8);
    expect(predictor).toBeLessThan(8); // a single Newton step ends above 13
  });

  it('moves with a late reward, and no further than the prior lets it, where its trial had told little', () => {
    const x = Float64Array.of(1, 3, 3);
    const statistics = new Float64Array(family.length);
    family.fold(statistics, aTrial({ context: new Float64Array(D) })); // begins with the prior
    statistics.set([-8, 0, 0], LOGISTIC.weights);
    family.fold(statistics, aTrial({ context: x })); // where a trial tells next to nothing
    statistics.set([0, 0, 0], LOGISTIC.weights); // others have moved the weights to where it would tell most
    family.fold(statistics, aReward({ context: x, reward: 1 }));
    const predictor = dot(weightsOf(statistics), [...x]);
    // The mode under the prior alone: LAMBDA / 19 eta = 1.5 - sigmoid(eta).
    expect(predictor * (LAMBDA / 19)).toBeCloseTo(1.5 - sigmoid(predictor), 9);
  });

  it('learns the log odds of a constant rate', () => {
    const one = logisticFamily(1, 1);
    const statistics = new Float64Array(one.length);
    for (let i = 0; i < 20_000; i++) {
      one.fold(statistics, aTrial({ context: Float64Array.of(1) }));
      if ((37 * i) % 100 < 3) one.fold(statistics, aReward({ context: Float64Array.of(1), reward: 1 }));
    }
    const deviation = 1 / Math.sqrt(statistics[precisionAt(1)] ?? 0);
    expect(Math.abs((statistics[LOGISTIC.weights] ?? 0) - Math.log(0.03 / 0.97))).toBeLessThan(deviation);
    expect(deviation).toBeCloseTo(1 / Math.sqrt(20_000 * 0.03 * 0.97), 2);
  });

  it('learns nothing from a context of zeros, and keeps the prior then', () => {
    const statistics = foldAll(family, [aTrial({ context: new Float64Array(D), reward: 1 })]);
    expectSame(statistics, new NaiveLaplace(D, LAMBDA));
    expect([statistics[LOGISTIC.trials], statistics[LOGISTIC.rewardSum]]).toEqual([1, 1]);
  });

  it('stays finite and positive definite under rewards and contexts that nobody should send', () => {
    const statistics = new Float64Array(family.length);
    const rng = rngFromNumber(3);
    for (let t = 0; t < 2000; t++) {
      const x = Float64Array.from({ length: D }, () => (rng() - 0.5) * 10 ** (8 * rng() - 4));
      const reward = (rng() - 0.5) * 10 ** (6 * rng());
      family.fold(statistics, rng() < 0.5 ? aTrial({ context: x, reward }) : aReward({ context: x, reward }));
    }
    expect(statistics.every(Number.isFinite)).toBe(true);
    let place = precisionAt(D);
    for (let k = 0; k < D; place += D - k++) expect(statistics[place]).toBeGreaterThan(0);
  });

  it('can neither be merged nor un-folded, and says so', () => {
    expect([isMergeable(family), isUnfoldable(family)]).toEqual([false, false]);
  });
});
