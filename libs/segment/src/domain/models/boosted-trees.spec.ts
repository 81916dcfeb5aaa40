import { sigmoid } from '@vitrine/bandit';
import { rngFromNumber } from '@vitrine/kernel';
import { calibration } from '../metrics/calibration';
import { logLoss } from '../metrics/probability-loss';
import { rocAuc } from '../metrics/roc-auc';
import { rowMatrix, type RowMatrix } from '../row-matrix';
import { trainBoostedTrees, type BoostedTreesOptions } from './boosted-trees';
import { compileResponse } from './compile-response';
import { trainLogisticRegression } from './logistic-regression';
import type { BoostedTreesModel, ResponseModel } from './response-model';

const OPTIONS: BoostedTreesOptions = { trees: 50, learningRate: 0.1, maxLeaves: 8, minRowsPerLeaf: 20, l2: 1, bins: 64, seed: 3 };

interface Sample {
  readonly rows: RowMatrix;
  readonly target: Float64Array;
}

/** Uniform inputs in [-1, 1) and outcomes with the chance that `chance` gives to a row. */
function sample(size: number, columns: number, { chance, seed }: { chance: (row: Float64Array) => number; seed: number }): Sample {
  const rng = rngFromNumber(seed);
  const rows = rowMatrix(
    columns,
    Float64Array.from({ length: size * columns }, () => 2 * rng() - 1),
  );
  const target = Float64Array.from({ length: size }, (_, r) =>
    rng() < chance(rows.values.subarray(r * columns, (r + 1) * columns)) ? 1 : 0,
  );
  return { rows, target };
}

function predictAll(model: ResponseModel, { values, columns, rows }: RowMatrix): Float64Array {
  const predict = compileResponse(model);
  return Float64Array.from({ length: rows }, (_, row) => predict(values, row * columns));
}

const exclusiveOr = (row: Float64Array) => ((row[0] ?? 0) > 0 === (row[1] ?? 0) > 0 ? 0.9 : 0.1);

/** Walks down from `root`; NaN where a child does not come after its parent. */
function leafOf(model: BoostedTreesModel, root: number, row: Float64Array): number {
  const input = model.feature[root] ?? -1;
  if (input < 0) return root;
  const child = (row[input] ?? 0) <= (model.threshold[root] ?? 0) ? model.left[root] : model.right[root];
  return child === undefined || child <= root ? Number.NaN : leafOf(model, child, row);
}

describe('trainBoostedTrees', () => {
  // The best possible AUC is 0.9. 4,000 held-out rows leave a standard error of 0.006 on either side.
  it('learns what only two inputs together tell, where logistic regression sees nothing', () => {
    const train = sample(4000, 4, { chance: exclusiveOr, seed: 1 });
    const test = sample(4000, 4, { chance: exclusiveOr, seed: 2 });
    const trees = trainBoostedTrees(train.rows, train.target, OPTIONS);
    const line = trainLogisticRegression(train.rows, train.target, { l2: 1 });
    expect(rocAuc(predictAll(trees, test.rows), test.target)).toBeGreaterThan(0.87);
    expect(rocAuc(predictAll(line, test.rows), test.target)).toBeLessThan(0.55);
  });

  // Expected calibration error of the true chances on 10,000 rows in ten bins is about 0.012.
  it('predicts rates that hold on rows it has not seen, and rises with an input that raises the chance', () => {
    const chance = (row: Float64Array) => sigmoid(-1 + 3 * (row[0] ?? 0));
    const train = sample(10_000, 2, { chance, seed: 4 });
    const test = sample(10_000, 2, { chance, seed: 5 });
    const model = trainBoostedTrees(train.rows, train.target, OPTIONS);
    expect(calibration(predictAll(model, test.rows), test.target, { bins: 10, z: 1.96 }).expectedError).toBeLessThan(0.03);
    const predict = compileResponse(model);
    const steps = [-0.9, -0.5, -0.1, 0.3, 0.7].map((value) => predict(Float64Array.of(value, 0), 0));
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  });

  it('learns from what is missing, on the side that suits the outcome', () => {
    const { rows, target } = sample(2000, 2, { chance: () => 0.2, seed: 6 });
    for (let row = 0; row < 2000; row += 4) {
      rows.values[2 * row] = Number.NaN;
      target[row] = row % 20 === 0 ? 0 : 1;
    }
    const predict = compileResponse(trainBoostedTrees(rows, target, OPTIONS));
    expect(predict(Float64Array.of(Number.NaN, 0), 0)).toBeGreaterThan(0.7);
    expect(predict(Float64Array.of(Number.POSITIVE_INFINITY, 0), 0)).toBe(predict(Float64Array.of(Number.NaN, 0), 0));
    expect(predict(Float64Array.of(0.1, 0), 0)).toBeLessThan(0.3);
  });

  it('sends what was never missing in training where most rows went', () => {
    const { rows, target } = sample(1000, 1, { chance: (row) => ((row[0] ?? 0) > 0.5 ? 0.9 : 0.2), seed: 11 });
    const predict = compileResponse(trainBoostedTrees(rows, target, { ...OPTIONS, trees: 1, maxLeaves: 2 }));
    expect(predict(Float64Array.of(Number.NaN), 0)).toBe(predict(Float64Array.of(0), 0));
    const mirrored = rowMatrix(
      1,
      rows.values.map((value) => -value),
    );
    const mirror = compileResponse(trainBoostedTrees(mirrored, target, { ...OPTIONS, trees: 1, maxLeaves: 2 }));
    expect(mirror(Float64Array.of(Number.NaN), 0)).toBe(mirror(Float64Array.of(0), 0));
  });

  it('lets each tree use no more inputs than the fraction says, not always the same ones', () => {
    const { rows, target } = sample(600, 6, { chance: () => 0.5, seed: 12 });
    const { roots, feature } = trainBoostedTrees(rows, target, { ...OPTIONS, featureFraction: 0.34 });
    const used = roots.map((root, tree) => new Set(feature.slice(root, roots[tree + 1]).filter((input) => input >= 0)));
    expect(Math.max(...used.map((inputs) => inputs.size))).toBe(2);
    expect(new Set(used.flatMap((inputs) => [...inputs])).size).toBe(6);
  });

  it('is the same bit for bit with the same seed, and another one with another where trees draw rows and inputs', () => {
    const { rows, target } = sample(800, 5, { chance: exclusiveOr, seed: 7 });
    const train = (seed: number) => trainBoostedTrees(rows, target, { ...OPTIONS, rowFraction: 0.5, featureFraction: 0.6, seed });
    expect(train(1)).toEqual(train(1));
    expect(train(2)).not.toEqual(train(1));
  });

  it('stays within its leaves and rows per leaf, in nodes that follow their parent', () => {
    const { rows, target } = sample(900, 3, { chance: exclusiveOr, seed: 8 });
    const model = trainBoostedTrees(rows, target, { ...OPTIONS, maxLeaves: 6, minRowsPerLeaf: 50 });
    const reached = new Map<number, number>();
    for (let row = 0; row < rows.rows; row++) {
      for (const root of model.roots) {
        const leaf = leafOf(model, root, rows.values.subarray(3 * row));
        reached.set(leaf, (reached.get(leaf) ?? 0) + 1);
      }
    }
    const leaves = model.roots.map((root, tree) => {
      const end = model.roots[tree + 1] ?? model.feature.length;
      return model.feature.slice(root, end).filter((feature) => feature < 0).length;
    });
    expect([...reached.keys()]).not.toContain(Number.NaN);
    expect(Math.max(...leaves)).toBe(6);
    expect(Math.min(...reached.values())).toBeGreaterThanOrEqual(50);
  });

  it('stops when held-out rows no longer gain and keeps the trees up to the best one', () => {
    const train = sample(600, 3, { chance: exclusiveOr, seed: 9 });
    const validation = { ...sample(600, 3, { chance: exclusiveOr, seed: 10 }), patience: 10 };
    const long = { ...OPTIONS, trees: 400, learningRate: 0.3 };
    const stopped = trainBoostedTrees(train.rows, train.target, { ...long, validation });
    const lossOf = (trees: number) =>
      logLoss(predictAll(trainBoostedTrees(train.rows, train.target, { ...long, trees }), validation.rows), validation.target);
    const kept = stopped.roots.length;
    expect(kept).toBeGreaterThan(3);
    expect(kept).toBeLessThan(100);
    expect(stopped).toEqual(trainBoostedTrees(train.rows, train.target, { ...long, trees: kept }));
    const losses = Array.from({ length: kept + 10 }, (_, trees) => lossOf(trees + 1));
    expect(losses.indexOf(Math.min(...losses)) + 1).toBe(kept);
  });

  it('predicts the rate of the rows where no input varies, without a single tree', () => {
    const target = Float64Array.from({ length: 200 }, (_, row) => (row < 50 ? 1 : 0));
    const model = trainBoostedTrees(rowMatrix(2, new Float64Array(400).fill(1)), target, OPTIONS);
    expect(model.roots).toEqual([]);
    expect(compileResponse(model)(Float64Array.of(1, 1), 0)).toBeCloseTo(0.25, 12);
  });

  it('tells neighbouring doubles and whole numbers apart', () => {
    const low = 0.1;
    const high = low + Number.EPSILON / 8;
    expect(high).toBeGreaterThan(low);
    const rows = rowMatrix(
      1,
      Float64Array.from({ length: 100 }, (_, row) => (row < 50 ? low : high)),
    );
    const target = Float64Array.from({ length: 100 }, (_, row) => (row < 50 ? 0 : 1) ^ (row % 10 === 0 ? 1 : 0));
    const predict = compileResponse(trainBoostedTrees(rows, target, OPTIONS));
    expect(predict(Float64Array.of(low), 0)).toBeLessThan(0.3);
    expect(predict(Float64Array.of(high), 0)).toBeGreaterThan(0.7);
  });

  it('refuses outcomes that are all the same', () => {
    const train = () => trainBoostedTrees(rowMatrix(1, new Float64Array(3)), new Float64Array(3), OPTIONS);
    expect(train).toThrow(expect.objectContaining({ code: 'TARGET_CONSTANT' }));
  });
});
