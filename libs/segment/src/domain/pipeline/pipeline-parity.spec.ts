import { truncatedSvdSparse } from '../linear-algebra/truncated-svd';
import { sparseMatrix } from '../linear-algebra/sparse-matrix';
import type { RowMatrix } from '../row-matrix';
import { compilePipeline } from './compile-pipeline';
import { fitPipeline } from './fit-pipeline';
import { reference, referenceRows, trainingRows, trainingTarget, type ReferenceCase } from '../../testing/pipeline-reference.fixture';
import { crossFittedTarget } from './steps/target-encoding';
import { fitPower } from './steps/power-transform';

type Expected = readonly (readonly (number | null)[])[];
const CLOSE = 1e-10;

/** Largest difference relative to max(1, |expected|); Infinity where one has a number and the other none. */
function worst(found: RowMatrix, expected: Expected, upToSign = false): number {
  expect([found.rows, found.columns]).toEqual([expected.length, expected[0]?.length]);
  let most = 0;
  for (let c = 0; c < found.columns; c++) {
    const columnOf = expected.map((row) => row[c] ?? Number.NaN);
    const actual = columnOf.map((_, row) => found.values[row * found.columns + c] ?? Number.NaN);
    const sign = upToSign && actual.reduce((sum, value, row) => sum + value * (columnOf[row] ?? 0), 0) < 0 ? -1 : 1;
    columnOf.forEach((value, row) => (most = Math.max(most, difference(sign * (actual[row] ?? 0), value))));
  }
  return most;
}

function difference(actual: number, expected: number): number {
  if (Number.isNaN(actual) || Number.isNaN(expected)) return Number.isNaN(actual) === Number.isNaN(expected) ? 0 : Infinity;
  return Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
}

const fit = ({ spec }: ReferenceCase): ReturnType<typeof fitPipeline> =>
  fitPipeline(spec, trainingRows, { target: trainingTarget, seed: 1 });

function caseOf(name: string): ReferenceCase {
  const found = reference.cases.find((one) => one.name === name);
  if (found === undefined) throw new TypeError(`no case ${name}`);
  return found;
}

describe('beside scikit-learn', () => {
  it.each(reference.cases.map((one) => [one.name, one] as const))('%s gives the same rows, those of training and new ones', (_, one) => {
    const compiled = compilePipeline(fit(one).pipeline);
    expect(worst(compiled.transformTable(referenceRows), one.expected, one.upToSign)).toBeLessThan(CLOSE);
  });

  it.each(['pca-exact', 'pca-randomised', 'truncated-svd', 'chain'])('%s explains the same shares', (name) => {
    const one = caseOf(name);
    const step = fit(one).pipeline.steps.at(-1);
    const explained = step?.kind === 'pca' || step?.kind === 'truncated-svd' ? step.explained : [];
    expect(explained).toHaveLength(one.explained?.length ?? -1);
    explained.forEach((share, at) => expect(share).toBeCloseTo(one.explained?.[at] ?? Number.NaN, 10));
  });

  it.each(['select-variance', 'select-anova', 'select-information'])('%s scores the columns alike', (name) => {
    const one = caseOf(name);
    const step = fit(one).pipeline.steps[0];
    const scores = step?.kind === 'select-variance' || step?.kind === 'select-k-best' ? step.scores : [];
    expect(scores).toHaveLength(one.scores?.length ?? -1);
    scores.forEach((score, at) => expect(difference(score, one.scores?.[at] ?? Number.NaN)).toBeLessThan(CLOSE));
  });

  it.each([
    ['target-encode-auto', 'auto' as const],
    ['target-encode-7.5', 7.5],
  ])('%s gives training rows the same values across the same folds', (name, smooth) => {
    const one = caseOf(name);
    one.spec.columns.forEach((column, c) => {
      const held = trainingRows.columns.find((raw) => raw.name === column.name);
      const codes = held?.kind === 'CATEGORICAL' ? held.codes : new Int32Array(0);
      const categories = held?.kind === 'CATEGORICAL' ? held.categories.length : 0;
      const values = crossFittedTarget({ codes, target: trainingTarget, categories }, smooth, Int32Array.from(one.foldOf ?? []));
      expect(
        worst(
          { rows: values.length, columns: 1, values },
          (one.crossFitted ?? []).map((row) => [row[c] ?? null]),
        ),
      ).toBeLessThan(CLOSE);
    });
  });

  it('finds powers at least as likely, and as near as a search for the maximum can tell', () => {
    for (const { columns, method, lambdas } of reference.powers) {
      columns.forEach((name, at) => {
        const values = (reference.numeric[name] ?? []).slice(0, reference.trainingRows).filter((value) => value !== null);
        const found = fitPower(Float64Array.from(values), method);
        const theirs = lambdas[at] ?? Number.NaN;
        expect(difference(found, theirs)).toBeLessThan(1e-6);
        const likelihood = (lambda: number): number => logLikelihood(values, method, lambda);
        expect(likelihood(found) - likelihood(theirs)).toBeGreaterThan(-1e-10);
      });
    }
  });

  it('transforms by the same powers to the same rows', () => {
    for (const { columns, method, lambdas, expected } of reference.powers) {
      const compiled = compilePipeline({
        version: 1,
        columns: columns.map((name) => ({ name, kind: 'NUMERIC' })),
        steps: [{ kind: 'power', columns, method, lambdas, floors: columns.map(() => 1e-9) }],
        outputNames: columns,
      });
      expect(worst(compiled.transformTable(referenceRows), expected)).toBeLessThan(CLOSE);
    }
  });

  it('decomposes sparse rows alike', () => {
    const { rows, columns, starts, indexes, values, singularValues, components, projected } = reference.sparse;
    const matrix = sparseMatrix({
      rows,
      columns,
      starts: Int32Array.from(starts),
      indexes: Int32Array.from(indexes),
      values: Float64Array.from(values),
    });
    const found = truncatedSvdSparse(matrix, { components: singularValues.length, seed: 3 });
    found.singularValues.forEach((value, at) => expect(difference(value, singularValues[at] ?? Number.NaN)).toBeLessThan(CLOSE));
    expect(worst(transposed(found.components), transposedRows(components), true)).toBeLessThan(CLOSE);
    expect(worst(found.projected, projected, true)).toBeLessThan(CLOSE);
  });
});

/** By the formulas of the papers, term by term. */
function logLikelihood(values: readonly number[], method: string, lambda: number): number {
  const transform = (x: number): number => {
    if (method === 'box-cox') return lambda === 0 ? Math.log(x) : (x ** lambda - 1) / lambda;
    if (x >= 0) return lambda === 0 ? Math.log(x + 1) : ((x + 1) ** lambda - 1) / lambda;
    return lambda === 2 ? -Math.log(1 - x) : -((1 - x) ** (2 - lambda) - 1) / (2 - lambda);
  };
  const y = values.map(transform);
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const variance = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length;
  const logs = values.map((x) => (method === 'box-cox' ? Math.log(x) : Math.sign(x) * Math.log(Math.abs(x) + 1)));
  return (-y.length / 2) * Math.log(variance) + (lambda - 1) * logs.reduce((sum, value) => sum + value, 0);
}

function transposed({ rows, columns, values }: RowMatrix): RowMatrix {
  const turned = Float64Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0);
  return { rows: columns, columns: rows, values: turned };
}

const transposedRows = (rows: Expected): Expected => (rows[0] ?? []).map((_, c) => rows.map((row) => row[c] ?? null));
