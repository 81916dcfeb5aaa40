import { DomainError } from '@vitrine/kernel';
import { compilePipeline } from './compile-pipeline';
import { fitPipeline } from './fit-pipeline';
import { benchPipeline } from './pipeline.bench';
import { numbers, tableOf, texts } from './pipeline.fixture';
import type { RawTable } from './raw-table';
import type { PipelineSpec, StepSpec } from './step-types';

const AGE = { name: 'age', kind: 'NUMERIC' } as const;
const VISITOR = { name: 'visitor', kind: 'CATEGORICAL' } as const;
const shoppers = tableOf(numbers('age', [20, null, 40, 30]), texts('visitor', ['new', 'old', null, 'old']));

function specOf(...steps: readonly StepSpec[]): PipelineSpec {
  return { columns: [AGE, VISITOR], steps };
}

const ONE_HOT: StepSpec = { kind: 'one-hot', columns: '*' };

function faultOf(spec: PipelineSpec, table: RawTable): unknown {
  try {
    fitPipeline(spec, table, { seed: 1 });
  } catch (error) {
    return error instanceof DomainError ? { code: error.code, ...error.details } : error;
  }
  return null;
}

/** The rows of training as a list, and the names of their columns. */
function fitted(spec: PipelineSpec, table: RawTable = shoppers): { names: readonly string[]; rows: readonly (readonly number[])[] } {
  const { pipeline, rows } = fitPipeline(spec, table, { seed: 1 });
  const list = Array.from({ length: rows.rows }, (_, row) => [...rows.values.subarray(row * rows.columns, (row + 1) * rows.columns)]);
  return { names: pipeline.outputNames, rows: list };
}

describe('fitting a pipeline', () => {
  it('goes through the steps in order and names what leaves', () => {
    const steps: StepSpec[] = [{ kind: 'impute', columns: ['age'], strategy: 'mean', indicator: true }, ONE_HOT];
    expect(fitted(specOf(...steps, { kind: 'clip', columns: ['age'], low: 25, high: 35 }))).toEqual({
      names: ['age', 'age:missing', 'visitor=new', 'visitor=old'],
      rows: [
        [25, 0, 1, 0],
        [30, 1, 0, 1],
        [35, 0, 0, 0],
        [30, 0, 0, 1],
      ],
    });
  });

  it('fills texts with the most frequent one, or with a text of their own', () => {
    const filled = (step: StepSpec): readonly number[] | undefined => fitted(specOf(step, ONE_HOT)).rows[2];
    expect(filled({ kind: 'impute', columns: ['visitor'], strategy: 'most-frequent' })).toEqual([40, 0, 1]);
    expect(filled({ kind: 'impute', columns: '*', strategy: 'constant', fill: 'nobody' })).toEqual([40, 0, 1, 0]);
  });

  it('stores what it learned as it will be read: without a zero that has a sign', () => {
    const table = tableOf(numbers('age', [-0, -0, null]), texts('visitor', ['a', 'b', 'a']));
    const { pipeline } = fitPipeline(specOf({ kind: 'impute', columns: ['age'], strategy: 'median' }, ONE_HOT), table, { seed: 1 });
    expect(JSON.parse(JSON.stringify(pipeline))).toEqual(pipeline);
  });

  it('pools rare texts', () => {
    const table = tableOf(numbers('age', [1, 2, 3, 4, 5]), texts('visitor', ['a', 'b', 'a', 'c', 'a']));
    const { names, rows } = fitted(specOf({ kind: 'one-hot', columns: ['visitor'], minCount: 2 }), table);
    expect(names).toEqual(['age', 'visitor=a', 'visitor=(rare)']);
    expect(rows.map((row) => row.slice(1))).toEqual([
      [1, 0],
      [0, 1],
      [1, 0],
      [0, 1],
      [1, 0],
    ]);
  });

  it('ignores a constant column, by standard and by robust scaling', () => {
    for (const kind of ['standard-scale', 'robust-scale'] as const) {
      const table = tableOf(numbers('age', [7, 7, 7]), texts('visitor', ['a', 'a', 'a']));
      const { pipeline, rows } = fitPipeline(specOf({ kind, columns: ['age'] }, ONE_HOT), table, { seed: 1 });
      expect(rows.values[0]).toBe(0);
      const out = new Float64Array(2);
      compilePipeline(pipeline).transformRow({ numbers: Float64Array.of(1e6), texts: ['a'] }, out);
      expect([...out]).toEqual([0, 1]);
    }
  });

  it('takes what is not finite as missing, and leaves missing what nothing fills', () => {
    const table = tableOf(numbers('age', [1, Infinity, 3]), texts('visitor', ['a', 'a', 'a']));
    const scaled = fitted(specOf({ kind: 'standard-scale', columns: ['age'] }, ONE_HOT), table).rows;
    expect(scaled.map(([age]) => age)).toEqual([-1, Number.NaN, 1]);
    expect(fitted(specOf({ kind: 'impute', columns: ['age'], strategy: 'median' }, ONE_HOT), table).rows[1]?.[0]).toBe(2);
  });

  it('learns no text that only the dictionary of the table has', () => {
    const visitor = { ...texts('visitor', ['new', 'old']), categories: ['new', 'old', 'unused', 'new'] };
    const { names } = fitted(specOf(ONE_HOT), tableOf(numbers('age', [1, 2]), { ...visitor, codes: Int32Array.of(3, 1) }));
    expect(names).toEqual(['age', 'visitor=new', 'visitor=old']);
  });
});

describe('a pipeline that cannot be fitted', () => {
  const scale: StepSpec = { kind: 'standard-scale', columns: ['age'] };
  const misused = { code: 'PIPELINE_SPEC_INVALID' };

  it.each<[string, unknown, PipelineSpec, RawTable]>([
    ['lacks a column in the table', { code: 'COLUMN_MISSING', column: 'age' }, specOf(scale, ONE_HOT), tableOf(texts('visitor', ['a']))],
    ['names a column that is not there', { code: 'COLUMN_MISSING', column: 'size' }, specOf({ ...scale, columns: ['size'] }), shoppers],
    [
      'has a column of numbers without any',
      { code: 'COLUMN_UNUSABLE', column: 'age' },
      specOf(scale, ONE_HOT),
      tableOf(numbers('age', [null, Infinity]), texts('visitor', ['a', 'b'])),
    ],
    [
      'has a column of texts without any',
      { code: 'COLUMN_UNUSABLE', column: 'visitor' },
      specOf(scale, ONE_HOT),
      tableOf(numbers('age', [1]), texts('visitor', [null])),
    ],
    ['has no row', { code: 'TOO_FEW_ROWS', needs: 1, has: 0 }, specOf(ONE_HOT), tableOf(numbers('age', []), texts('visitor', []))],
    [
      'takes texts for numbers',
      { ...misused, column: 'age' },
      specOf(ONE_HOT),
      tableOf(texts('age', ['1', '2']), texts('visitor', ['a', 'b'])),
    ],
    ['names a column twice', { ...misused, column: 'age' }, specOf({ ...scale, columns: ['age', 'age'] }, ONE_HOT), shoppers],
    [
      'fills with nothing',
      { ...misused, step: 'impute' },
      specOf({ kind: 'impute', columns: '*', strategy: 'constant' }, ONE_HOT),
      shoppers,
    ],
    ['scales texts', { ...misused, column: 'visitor' }, specOf({ ...scale, columns: ['visitor'] }), shoppers],
    ['encodes numbers', { ...misused, column: 'age' }, specOf({ ...ONE_HOT, columns: ['age'] }), shoppers],
    ['leaves texts as they are', { ...misused, column: 'visitor' }, specOf(scale), shoppers],
    ['gives a column twice', { ...misused, column: 'visitor=new' }, specOf(ONE_HOT, ONE_HOT), shoppers],
    [
      'fills numbers with a text',
      { ...misused, step: 'impute' },
      specOf({ kind: 'impute', columns: ['age'], strategy: 'constant', fill: 'x' }),
      shoppers,
    ],
    [
      'takes the mean of texts',
      { ...misused, step: 'impute' },
      specOf({ kind: 'impute', columns: ['visitor'], strategy: 'mean' }),
      shoppers,
    ],
    [
      'encodes by a target that nobody gave',
      { ...misused, step: 'target-encode' },
      specOf({ kind: 'target-encode', columns: '*', smooth: 'auto' }),
      shoppers,
    ],
    [
      'chooses by a target that nobody gave',
      { ...misused, step: 'select-k-best' },
      specOf({ kind: 'select-k-best', columns: '*', k: 1, score: 'anova-f' }),
      shoppers,
    ],
    [
      'projects missing values',
      { code: 'COLUMN_UNUSABLE', column: 'age' },
      specOf({ kind: 'pca', columns: ['age'], components: 1 }),
      shoppers,
    ],
    ['projects nothing', { ...misused, step: 'pca' }, specOf({ kind: 'pca', columns: [], components: 1 }), shoppers],
    ['has no period', { ...misused, step: 'cyclical' }, specOf({ kind: 'cyclical', columns: '*', period: 0 }), shoppers],
    ['has no bucket', { ...misused, step: 'hash' }, specOf({ kind: 'hash', columns: '*', name: 'h', buckets: 0 }), shoppers],
    [
      'takes the power of what is not positive',
      { code: 'COLUMN_UNUSABLE', column: 'age' },
      specOf({ kind: 'power', columns: ['age'], method: 'box-cox' }),
      tableOf(numbers('age', [0, 1]), texts('visitor', ['a', 'b'])),
    ],
    [
      'leaves nothing',
      { ...misused, step: 'list' },
      specOf({ kind: 'ordinal', columns: '*' }, { kind: 'select-variance', columns: '*', threshold: 1e9 }),
      shoppers,
    ],
    ['has bounds the wrong way round', { ...misused, step: 'clip' }, specOf({ kind: 'clip', columns: '*', low: 1, high: 0 }), shoppers],
  ])('%s: a coded error', (_, fault, spec, table) => {
    expect(faultOf(spec, table)).toEqual(fault);
  });
});

describe('the price of a pipeline', () => {
  it('is well under 20 microseconds per profile', () => {
    expect(benchPipeline(50_000).transformMicros).toBeLessThan(20);
  });
});
