import { rngFromNumber } from '@vitrine/kernel';
import { adjustedRandIndex } from '../metrics/adjusted-rand-index';
import { rowMatrix, type RowMatrix } from '../row-matrix';
import { assignMixture, fitGaussianMixture, type FittedMixture, type GaussianMixtureOptions } from './gaussian-mixture';

const OPTIONS: GaussianMixtureOptions = {
  components: 2,
  covariance: 'FULL',
  start: { seed: 1 },
  maxIterations: 200,
  tolerance: 1e-6,
  regularisation: 1e-6,
};

/** Two long parallel clouds, far longer than they are apart: `truth` says which one a row comes from. */
function parallelClouds(size: number): { readonly rows: RowMatrix; readonly truth: Int32Array } {
  const rng = rngFromNumber(31);
  const normal = () => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  const truth = Int32Array.from({ length: size }, (_, row) => row % 2);
  const rows = rowMatrix(
    2,
    Float64Array.from(
      [...truth].flatMap((cloud) => {
        const along = 8 * normal();
        return [along, along + 0.4 * normal() + 4 * cloud];
      }),
    ),
  );
  return { rows, truth };
}

function labelsOf(model: FittedMixture, { rows, columns, values }: RowMatrix): Int32Array {
  const { assign } = assignMixture(model);
  return Int32Array.from({ length: rows }, (_, row) => assign(values, row * columns));
}

/** Expectation maximisation finds the nearest hill: the highest of several starts counts. */
function bestOf(rows: RowMatrix, options: GaussianMixtureOptions): FittedMixture {
  const fits = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => fitGaussianMixture(rows, { ...options, start: { seed } }));
  return fits.reduce((best, fit) => (fit.logLikelihood > best.logLikelihood ? fit : best));
}

describe('fitGaussianMixture', () => {
  it('follows the shape of clouds that lie along each other, which no nearest mean can tell apart', () => {
    const { rows, truth } = parallelClouds(800);
    const [full, diagonal] = [bestOf(rows, OPTIONS), bestOf(rows, { ...OPTIONS, covariance: 'DIAGONAL' })];
    expect(adjustedRandIndex(labelsOf(full, rows), truth)).toBeGreaterThan(0.98);
    expect(adjustedRandIndex(labelsOf(diagonal, rows), truth)).toBeLessThan(0.5);
    expect(full.bic).toBeLessThan(diagonal.bic);
  });

  it('has the lowest BIC at the number of components that made the rows', () => {
    const { rows } = parallelClouds(800);
    const apart = rowMatrix(
      2,
      rows.values.map((value, at) => value + (at % 8 < 4 ? 0 : 60)),
    ); // pairs of rows far away: four clouds
    const bic = [1, 2, 4, 6].map((components) => bestOf(apart, { ...OPTIONS, components }).bic);
    expect(bic.indexOf(Math.min(...bic))).toBe(2);
  });

  it('never lowers the likelihood from one iteration to the next', () => {
    const { rows } = parallelClouds(300);
    const steps = Array.from({ length: 15 }, (_, n) =>
      fitGaussianMixture(rows, { ...OPTIONS, components: 4, maxIterations: n, tolerance: 0 }),
    );
    const likelihoods = steps.map(({ logLikelihood }) => logLikelihood);
    expect(likelihoods).toEqual(likelihoods.toSorted((a, b) => a - b));
  });

  it('is the same bit for bit from the same seed', () => {
    const { rows } = parallelClouds(200);
    const fit = () => fitGaussianMixture(rows, { ...OPTIONS, components: 3, start: { seed: 9 } });
    expect(fit()).toEqual(fit());
  });

  it('stays finite with columns that never vary, repeated rows and rows far from every component', () => {
    const rows = rowMatrix(2, Float64Array.of(1, 5, 1, 5, 2, 5, 2, 5, 2, 5));
    const fitted = fitGaussianMixture(rows, { ...OPTIONS, components: 3 });
    expect(fitted.weights).toHaveLength(2); // as many as there are distinct rows
    expect(fitted.weights.toSorted((a, b) => a - b)).toEqual([expect.closeTo(0.4, 12), expect.closeTo(0.6, 12)]);
    expect(Number.isFinite(fitted.bic)).toBe(true);
    const shares = new Float64Array(2);
    const density = assignMixture(fitted).memberships(Float64Array.of(1e6, -1e6), 0, shares);
    expect(Number.isFinite(density)).toBe(true);
    expect((shares[0] ?? 0) + (shares[1] ?? 0)).toBeCloseTo(1, 12);
  });

  it('drops a mean that is nearest to no row', () => {
    const rows = rowMatrix(1, Float64Array.of(0, 0.1, 0.2, 9, 9.1));
    const start = rowMatrix(1, Float64Array.of(0, 1000, 9));
    const fitted = fitGaussianMixture(rows, { ...OPTIONS, components: 3, start });
    expect(fitted.means.map(([mean]) => Math.round(mean ?? -1))).toEqual([0, 9]);
  });

  it('refuses fewer rows than components, saying both, and values that are not finite', () => {
    const few = () => fitGaussianMixture(rowMatrix(1, Float64Array.of(1)), OPTIONS);
    const missing = () => fitGaussianMixture(rowMatrix(1, Float64Array.of(1, Number.NaN)), OPTIONS);
    expect(few).toThrow(expect.objectContaining({ code: 'TOO_FEW_ROWS', details: { needed: 2, found: 1 } }));
    expect(missing).toThrow(expect.objectContaining({ code: 'FEATURE_VALUE_INVALID' }));
  });
});
