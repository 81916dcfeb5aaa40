import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowMatrix } from '../row-matrix';
import { trainLogisticRegression } from './logistic-regression';

interface Case {
  readonly name: string;
  readonly rows: readonly (readonly number[])[];
  readonly target: readonly number[];
  readonly fits: readonly { readonly l2: number; readonly intercept: number; readonly weights: readonly number[] }[];
}

const PATH = join(__dirname, '../../../../../data/reference/segment/models.json');
const { logistic } = JSON.parse(readFileSync(PATH, 'utf8')) as { readonly logistic: readonly Case[] };
const fits = logistic.flatMap((entry) => entry.fits.map((fit) => [entry.name, fit.l2, entry, fit] as const));

describe('trainLogisticRegression equals scikit-learn', () => {
  it.each(fits)('on %s rows with a penalty of %d', (_, l2, { rows, target }, fit) => {
    const data = rowMatrix(fit.weights.length, Float64Array.from(rows.flat()));
    const model = trainLogisticRegression(data, Float64Array.from(target), { l2 });
    [model.intercept, ...model.weights].forEach((found, at) => {
      const stored = [fit.intercept, ...fit.weights][at] ?? Number.NaN;
      expect(Math.abs(found - stored)).toBeLessThanOrEqual(1e-8 * Math.max(1, Math.abs(stored)));
    });
  });
});
