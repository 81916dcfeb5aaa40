import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowMatrix } from '../row-matrix';
import { trainBoostedTrees, type BoostedTreesOptions } from './boosted-trees';
import { compileResponse } from './compile-response';

interface Reference {
  readonly rows: Readonly<Record<string, readonly (readonly (number | null)[])[]>>;
  readonly target: readonly number[];
  readonly cases: readonly {
    readonly rows: string;
    readonly options: Omit<BoostedTreesOptions, 'seed'>;
    readonly probabilities: readonly number[];
  }[];
}

const PATH = join(__dirname, '../../../../../data/reference/segment/models.json');
const { boosting } = JSON.parse(readFileSync(PATH, 'utf8')) as { readonly boosting: Reference };
/** The reference sums derivatives of single precision. */
const TOLERANCE = 2e-6;

describe('trainBoostedTrees equals histogram gradient boosting of scikit-learn', () => {
  it.each(boosting.cases.map((entry) => [entry.rows, entry.options, entry.probabilities] as const))(
    'on %s rows with %j',
    (name, options, stored) => {
      const rows = boosting.rows[name] ?? [];
      const data = rowMatrix(
        4,
        Float64Array.from(rows.flat(), (value) => value ?? Number.NaN),
      );
      const predict = compileResponse(trainBoostedTrees(data, Float64Array.from(boosting.target), { ...options, seed: 0 }));
      const worst = stored.map((probability, row) => Math.abs(predict(data.values, row * 4) - probability));
      expect(worst).toHaveLength(data.rows);
      expect(Math.max(...worst)).toBeLessThan(TOLERANCE);
    },
  );
});
