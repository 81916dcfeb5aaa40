import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowMatrix } from '../row-matrix';
import { assignMixture, fitGaussianMixture, type CovarianceKind } from './gaussian-mixture';

interface Case {
  readonly covariance: CovarianceKind;
  readonly maxIterations: number;
  readonly tolerance: number;
  readonly iterations: number;
  readonly weights: readonly number[];
  readonly means: readonly (readonly number[])[];
  readonly covariances: readonly (readonly number[])[];
  readonly logLikelihood: number;
  readonly bic: number;
  readonly aic: number;
  readonly labels: readonly number[];
  readonly memberships: readonly (readonly number[])[];
}

interface Reference {
  readonly rows: readonly (readonly number[])[];
  readonly start: readonly (readonly number[])[];
  readonly regularisation: number;
  readonly cases: readonly Case[];
}

const PATH = join(__dirname, '../../../../../data/reference/segment/models.json');
const { mixture } = JSON.parse(readFileSync(PATH, 'utf8')) as { readonly mixture: Reference };
const rows = rowMatrix(3, Float64Array.from(mixture.rows.flat()));
const start = rowMatrix(3, Float64Array.from(mixture.start.flat()));

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  const faults = expected.filter((value, at) => !(Math.abs((actual[at] ?? Number.NaN) - value) <= 1e-8 * Math.max(1, Math.abs(value))));
  expect(faults).toEqual([]);
}

describe('fitGaussianMixture equals scikit-learn from the same start', () => {
  it.each(mixture.cases.map((entry) => [entry.covariance, entry.maxIterations, entry] as const))('%s, %i iterations', (_, __, entry) => {
    const { covariance, maxIterations, tolerance } = entry;
    const fitted = fitGaussianMixture(rows, {
      components: 3,
      covariance,
      start,
      maxIterations,
      tolerance,
      regularisation: mixture.regularisation,
    });
    expect(fitted.iterations).toBe(entry.iterations);
    expect(fitted.converged).toBe(tolerance > 0);
    expectClose(fitted.weights, entry.weights);
    expectClose(fitted.means.flat(), entry.means.flat());
    expectClose(fitted.covariances.flat(), entry.covariances.flat());
    expectClose([fitted.logLikelihood, fitted.bic, fitted.aic], [entry.logLikelihood, entry.bic, entry.aic]);
    const assigner = assignMixture(fitted);
    expect(Array.from({ length: rows.rows }, (_row, r) => assigner.assign(rows.values, 3 * r))).toEqual(entry.labels);
    const shares = new Float64Array(3);
    entry.memberships.forEach((stored, r) => {
      assigner.memberships(rows.values, 3 * r, shares);
      expectClose([...shares], stored);
    });
  });
});
