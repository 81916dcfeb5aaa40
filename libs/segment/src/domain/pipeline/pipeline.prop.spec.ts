import fc from 'fast-check';
import { shuffledOrder, rngFromNumber } from '@vitrine/kernel';
import { compilePipeline } from './compile-pipeline';
import { fitPipeline } from './fit-pipeline';
import { parsePipeline } from './parse-pipeline';
import { numbers, rowOf, tableOf, takeTableRows, texts } from './pipeline.fixture';
import type { RawTable } from './raw-table';
import type { PipelineSpec, StepSpec } from './step-types';

const SPEC_COLUMNS = [
  { name: 'pages', kind: 'NUMERIC' },
  { name: 'seconds', kind: 'NUMERIC' },
  { name: 'visitor', kind: 'CATEGORICAL' },
  { name: 'month', kind: 'CATEGORICAL' },
] as const;
const specOf = (...steps: readonly StepSpec[]): PipelineSpec => ({ columns: SPEC_COLUMNS, steps });

const SPECS: readonly PipelineSpec[] = [
  specOf(
    { kind: 'impute', columns: ['seconds', 'month'], strategy: 'most-frequent', indicator: true },
    { kind: 'cyclical', columns: ['seconds'], period: 24 },
    { kind: 'target-encode', columns: ['visitor', 'month'], smooth: 'auto', folds: 3 },
    { kind: 'hash', columns: ['visitor', 'month'], name: 'h', buckets: 5 },
    { kind: 'select-variance', columns: '*', threshold: 0 },
  ),
  specOf(
    { kind: 'ordinal', columns: ['visitor'] },
    { kind: 'target-encode', columns: ['visitor'], smooth: 0 },
    { kind: 'hash', columns: ['month'], name: 'h', buckets: 3 },
    { kind: 'select-k-best', columns: ['pages', 'seconds'], k: 1, score: 'mutual-information', bins: 4 },
  ),
  specOf(
    { kind: 'impute', columns: '*', strategy: 'median', indicator: true },
    { kind: 'log1p', columns: ['pages'] },
    { kind: 'one-hot', columns: '*', minCount: 2 },
    { kind: 'standard-scale', columns: ['pages', 'seconds'] },
    { kind: 'clip', columns: ['pages'], low: -2, high: 2 },
  ),
  specOf(
    { kind: 'impute', columns: '*', strategy: 'constant', fill: '(none)', indicator: true },
    { kind: 'impute', columns: '*', strategy: 'most-frequent' },
    { kind: 'robust-scale', columns: '*' },
    { kind: 'one-hot', columns: '*' },
  ),
];

/** Rows drawn at random can give a power or a component that rounding moves: these are left out where fits are compared. */
const ALL_SPECS: readonly PipelineSpec[] = [
  ...SPECS,
  specOf(
    { kind: 'impute', columns: '*', strategy: 'most-frequent' },
    { kind: 'power', columns: ['pages'], method: 'yeo-johnson' },
    { kind: 'target-encode', columns: ['visitor'], smooth: 3 },
    { kind: 'one-hot', columns: ['month'] },
    { kind: 'standard-scale', columns: '*' },
    { kind: 'pca', columns: ['pages', 'seconds', 'visitor:target'], components: 2, solver: 'randomised' },
    { kind: 'truncated-svd', columns: '*', components: 3 },
  ),
];

/** Reads the texts that no other step is left to read. */
const READ_REST: StepSpec = { kind: 'hash', columns: '*', name: 'rest', buckets: 2 };

const number = fc.option(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), { freq: 5 });
const text = fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'é€😀'), { freq: 5 });
const row = fc.record({ pages: number, seconds: number, visitor: text, month: text, target: fc.boolean() });
type Row = { pages: number | null; seconds: number | null; visitor: string | null; month: string | null; target: boolean };
/** A row that holds everything, so that no column is empty, goes before the drawn ones. */
const FULL: Row = { pages: 1, seconds: 2.5, visitor: 'a', month: 'b', target: true };
const EMPTY: Row = { pages: 4, seconds: -1, visitor: 'b', month: 'c', target: false };
const someRows = fc.array(row, { minLength: 6, maxLength: 40 }).map((drawn) => [FULL, EMPTY, ...drawn]);
const anySpec = fc.constantFrom(...ALL_SPECS);
const comparableSpec = fc.constantFrom(...SPECS);

function tableFrom(rows: readonly Row[]): RawTable {
  return tableOf(
    numbers(
      'pages',
      rows.map(({ pages }) => pages),
    ),
    numbers(
      'seconds',
      rows.map(({ seconds }) => seconds),
    ),
    texts(
      'visitor',
      rows.map(({ visitor }) => visitor),
    ),
    texts(
      'month',
      rows.map(({ month }) => month),
    ),
  );
}

const targetOf = (rows: readonly Row[]): Float64Array => Float64Array.from(rows, ({ target }) => (target ? 1 : 0));
const fit = (spec: PipelineSpec, rows: readonly Row[]): ReturnType<typeof fitPipeline> =>
  fitPipeline(spec, tableFrom(rows), { target: targetOf(rows), seed: 7 });

/** Numbers of two pipelines side by side, and everything else exactly. */
function expectAlike(left: unknown, right: unknown): void {
  const strip = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_, v: unknown) => (typeof v === 'number' ? 0 : v)));
  const collect = (value: unknown): number[] => {
    const found: number[] = [];
    JSON.stringify(value, (_, v: unknown) => (typeof v === 'number' ? (found.push(v), v) : v));
    return found;
  };
  expect(strip(left)).toEqual(strip(right));
  const other = collect(right);
  collect(left).forEach((value, at) => {
    const expected = other[at] ?? Number.NaN;
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));
  });
}

it('transforms a row as the table it stands in, and as a copy that was stored and read, bit for bit', () => {
  fc.assert(
    fc.property(anySpec, someRows, someRows, (spec, train, test) => {
      const { pipeline } = fit(spec, train);
      const table = tableFrom(test);
      const compiled = compilePipeline(pipeline);
      const restored = compilePipeline(parsePipeline(JSON.parse(JSON.stringify(pipeline))));
      const { values, columns } = compiled.transformTable(table);
      expect(columns).toBe(pipeline.outputNames.length);
      const out = new Float64Array(columns);
      for (let at = 0; at < table.rows; at++) {
        for (const { transformRow } of [compiled, restored]) {
          transformRow(rowOf(table, at), out);
          expect(out).toEqual(values.slice(at * columns, (at + 1) * columns));
        }
      }
    }),
  );
});

it('shows training rows what it makes of them as new rows, bit for bit, unless a step looked at the target', () => {
  const blind = ALL_SPECS.map(({ steps }) => specOf(...steps.filter(({ kind }) => kind !== 'target-encode' && kind !== 'pca'), READ_REST));
  fc.assert(
    fc.property(fc.constantFrom(...blind), someRows, (spec, train) => {
      const { pipeline, rows } = fit(spec, train);
      expect(rows).toEqual(compilePipeline(pipeline).transformTable(tableFrom(train)));
    }),
  );
});

it('stores finite numbers only', () => {
  fc.assert(
    fc.property(anySpec, someRows, (spec, train) => {
      const { pipeline } = fit(spec, train);
      expect(parsePipeline(JSON.parse(JSON.stringify(pipeline)))).toEqual(pipeline); // JSON turns what is not finite into null
    }),
  );
});

it('fits the same whatever the order of the rows', () => {
  fc.assert(
    fc.property(comparableSpec, someRows, fc.nat(), (spec, train, seed) => {
      const order = [...shuffledOrder(train.length, rngFromNumber(seed))];
      const target = targetOf(train);
      const shuffled = fitPipeline(spec, takeTableRows(tableFrom(train), order), {
        target: Float64Array.from(order, (at) => target[at] ?? 0),
        seed: 7,
      });
      expectAlike(shuffled.pipeline, fit(spec, train).pipeline);
    }),
  );
});

it('fits on the rows that it is given and on no others', () => {
  fc.assert(
    fc.property(anySpec, someRows, someRows, (spec, train, others) => {
      const all = tableFrom([...train, ...others]);
      const given = takeTableRows(all, [...train.keys()]); // with a dictionary that still lists the texts of all
      expect(fitPipeline(spec, given, { target: targetOf(train), seed: 7 }).pipeline).toEqual(fit(spec, train).pipeline);
    }),
  );
});

it('gives finite features for whatever comes, once every column is imputed', () => {
  const numerals = ['pages', 'seconds'];
  const spec = specOf(
    { kind: 'impute', columns: '*', strategy: 'most-frequent', indicator: true },
    { kind: 'log1p', columns: ['pages'] },
    { kind: 'power', columns: ['seconds'], method: 'yeo-johnson' },
    { kind: 'standard-scale', columns: numerals },
    { kind: 'one-hot', columns: '*' },
    { kind: 'pca', columns: '*', components: 3 },
  );
  const huge = fc.option(fc.double(), { freq: 8 });
  const wild = fc.record({ pages: huge, seconds: huge, visitor: fc.option(fc.string()), month: text, target: fc.boolean() });
  fc.assert(
    fc.property(someRows, fc.array(wild), fc.array(wild, { minLength: 1 }), (train, wildTrain, test) => {
      const { pipeline, rows } = fit(spec, [...train, ...wildTrain]);
      expect(rows.values.every(Number.isFinite)).toBe(true);
      expect(
        compilePipeline(parsePipeline(JSON.parse(JSON.stringify(pipeline))))
          .transformTable(tableFrom(test))
          .values.every(Number.isFinite),
      ).toBe(true);
    }),
  );
});
