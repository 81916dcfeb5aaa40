import { rngFromNumber } from '@vitrine/kernel';
import { solveMixedModel, type MixedDesign } from './mixed-model';
import { estimateComponents } from './variance-components';

const rng = rngFromNumber(11);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);

function designOf(over: Partial<MixedDesign> & Pick<MixedDesign, 'response' | 'effects'>): MixedDesign {
  const effects = 1 + Math.max(-1, ...over.effects.flatMap((shared) => [...shared]));
  return {
    sampling: new Float64Array(over.response.length).fill(0.1),
    component: new Int32Array(effects),
    known: new Float64Array(effects),
    components: effects > 0 ? 1 : 0,
    baseVariance: Infinity,
    ...over,
  };
}

/** G groups of m cells, each cell in one group. */
function balanced(groups: readonly (readonly number[])[], sampling: number): MixedDesign {
  const response = Float64Array.from(groups.flat());
  return designOf({
    response,
    sampling: new Float64Array(response.length).fill(sampling),
    effects: groups.flatMap((cells, g) => cells.map(() => Int32Array.of(g))),
  });
}

/** Inverse and determinant by Gauss-Jordan: another road than the solver's. */
function inverted(matrix: readonly (readonly number[])[]): { readonly inverse: number[][]; readonly determinant: number } {
  const n = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  let determinant = 1;
  rows.forEach((pivotRow, k) => {
    const pivot = pivotRow[k] ?? 0;
    determinant *= pivot;
    pivotRow.forEach((value, j) => (pivotRow[j] = value / pivot));
    rows.forEach((row, i) => {
      const factor = i === k ? 0 : (row[k] ?? 0);
      row.forEach((value, j) => (row[j] = value - factor * (pivotRow[j] ?? 0)));
    });
  });
  return { inverse: rows.map((row) => row.slice(n)), determinant };
}

/** Restricted log-likelihood straight from its definition, with V written out. */
function plainLikelihood(design: MixedDesign, variances: readonly number[]): number {
  const n = design.response.length;
  const covariance = Array.from({ length: n }, (_, a) =>
    Array.from({ length: n }, (_, b) => {
      const both = [...(design.effects[a] ?? [])].filter((effect) => design.effects[b]?.includes(effect));
      const shared = both.reduce((sum, effect) => sum + (design.known[effect] ?? 0) + (variances[design.component[effect] ?? 0] ?? 0), 0);
      return (
        shared +
        (Number.isFinite(design.baseVariance) ? design.baseVariance : 0) +
        (a === b ? (design.sampling[a] ?? 0) + (variances[design.components] ?? 0) : 0)
      );
    }),
  );
  const { inverse, determinant } = inverted(covariance);
  const form = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
    inverse.reduce((sum, row, i) => sum + row.reduce((inner, value, j) => inner + (x[i] ?? 0) * value * (y[j] ?? 0), 0), 0);
  const ones = new Float64Array(n).fill(1);
  if (Number.isFinite(design.baseVariance)) return -0.5 * (Math.log(determinant) + form(design.response, design.response));
  const information = form(ones, ones);
  const base = form(ones, design.response) / information;
  const residual = design.response.map((value) => value - base);
  return -0.5 * (Math.log(determinant) + Math.log(information) + form(residual, residual));
}

/** Cells in two crossed kinds of groups, one of them with something known beforehand. */
const crossed = (baseVariance: number): MixedDesign =>
  designOf({
    response: Float64Array.from({ length: 9 }, () => normal()),
    sampling: Float64Array.from({ length: 9 }, (_, a) => 0.2 + 0.1 * a),
    effects: Array.from({ length: 9 }, (_, a) => Int32Array.of(a % 3, 3 + Math.floor(a / 4))),
    component: Int32Array.of(0, 0, 0, 1, 1, 1),
    known: Float64Array.of(0, 0.3, 0, 0, 0, 0.1),
    components: 2,
    baseVariance,
  });

describe('solveMixedModel', () => {
  it.each([Infinity, 0.7])('has the likelihood of its definition, base variance %d', (baseVariance) => {
    const design = crossed(baseVariance);
    const first = solveMixedModel(design, Float64Array.of(0.5, 0.2, 0.3)).logLikelihood - plainLikelihood(design, [0.5, 0.2, 0.3]);
    const second = solveMixedModel(design, Float64Array.of(0, 2, 0)).logLikelihood - plainLikelihood(design, [0, 2, 0]);
    expect(second).toBeCloseTo(first, 10); // both up to one constant
  });

  it('tells the gradient of the likelihood by what is shown less what is expected', () => {
    const design = crossed(Infinity);
    const at = [0.5, 0.2, 0.3];
    const { shown, expected } = solveMixedModel(design, Float64Array.from(at));
    at.forEach((variance, k) => {
      const moved = (by: number): number =>
        plainLikelihood(
          design,
          at.map((value, i) => (i === k ? variance + by : value)),
        );
      expect(((shown[k] ?? 0) - (expected[k] ?? 0)) / 2).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 6);
    });
  });

  it('expects a cell-free group at 0 with its whole variance', () => {
    const design = designOf({
      response: Float64Array.of(1, 2),
      effects: [Int32Array.of(0), Int32Array.of(0)],
      component: Int32Array.of(0, 0),
      known: new Float64Array(2),
    });
    const { coefficients, root } = solveMixedModel(design, Float64Array.of(0.4, 0.1));
    expect(coefficients[2]).toBe(0);
    expect((root[8] ?? 0) ** 2).toBeCloseTo(0.4, 14);
  });
});

describe('estimateComponents', () => {
  it('finds the variance between cells of a balanced design: that of their means less the sampling variance', () => {
    const response = Float64Array.from({ length: 12 }, () => normal());
    const design = designOf({ response, effects: Array.from(response, () => new Int32Array(0)) });
    const { variances } = estimateComponents(design, Float64Array.of(5));
    expect(variances[0]).toBeCloseTo(spread([...response]) - 0.1, 4);
  });

  it('finds both variances of a balanced nested design by the analysis of variance', () => {
    const groups = Array.from({ length: 6 }, () => {
      const level = 3 * normal();
      return Array.from({ length: 4 }, () => level + normal());
    });
    const within = mean(groups.map(spread));
    const between = 4 * spread(groups.map(mean)); // mean square between groups
    const { variances } = estimateComponents(balanced(groups, 0.1), Float64Array.of(100, 100));
    expect(variances[1]).toBeCloseTo(within - 0.1, 3);
    expect(variances[0]).toBeCloseTo((between - within) / 4, 3);
  });

  it('comes to exactly 0 where cells differ less than sampling makes them', () => {
    const design = balanced(
      [
        [0.1, -0.1],
        [0.05, -0.02],
        [0.01, 0.03],
      ],
      1,
    );
    expect([...estimateComponents(design, Float64Array.of(1, 1)).variances]).toEqual([0, 0]);
  });

  it('reaches a likelihood that no neighbour exceeds, on an unbalanced crossed design', () => {
    const design = crossed(0.7);
    const { variances, solution } = estimateComponents(design, Float64Array.of(3, 3, 3));
    variances.forEach((variance, k) => {
      for (const factor of [0.9, 1.1]) {
        const other = variances.map((value, i) => (i === k ? Math.max(value, variance === 0 ? 1e-3 : 0) * factor : value));
        expect(solveMixedModel(design, other).logLikelihood).toBeLessThanOrEqual(solution.logLikelihood + 1e-4);
      }
    });
  });

  it('keeps the guess of a component that the data cannot tell', () => {
    const design = designOf({ response: Float64Array.of(3), effects: [Int32Array.of(0)] });
    expect([...estimateComponents(design, Float64Array.of(0.25, 0.5)).variances]).toEqual([0.25, 0.5]);
  });

  it('weighs a prior by its degrees', () => {
    const response = Float64Array.from({ length: 40 }, () => normal());
    const design = designOf({ response, effects: Array.from(response, () => new Int32Array(0)) });
    const estimate = (degrees: number): number =>
      estimateComponents(design, Float64Array.of(0.01), { variance: Float64Array.of(0.01), degrees: Float64Array.of(degrees) })
        .variances[0] ?? 0;
    const free = estimate(0);
    expect(free).toBeCloseTo(spread([...response]) - 0.1, 3);
    expect(estimate(4)).toBeLessThan(free);
    expect(estimate(4)).toBeGreaterThan(0.7 * free);
    expect(estimate(1e6)).toBeCloseTo(0.01, 3);
  });
});
