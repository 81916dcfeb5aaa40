import { DomainError } from '@vitrine/kernel';
import { compilePipeline } from './compile-pipeline';
import { fitPipeline } from './fit-pipeline';
import { parsePipeline } from './parse-pipeline';
import { numbers, tableOf, texts } from './pipeline.fixture';
import type { FittedPipeline } from './step-types';

const table = tableOf(numbers('age', [1, 2, 4]), texts('visitor', ['a', 'b', 'a']));
const { pipeline } = fitPipeline(
  {
    columns: [
      { name: 'age', kind: 'NUMERIC' },
      { name: 'visitor', kind: 'CATEGORICAL' },
    ],
    steps: [
      { kind: 'standard-scale', columns: ['age'] },
      { kind: 'one-hot', columns: ['visitor'] },
    ],
  },
  table,
  { seed: 1 },
);
const stored = (change: Record<string, unknown>): unknown => JSON.parse(JSON.stringify({ ...pipeline, ...change }));

function faultOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error instanceof DomainError ? { code: error.code, ...error.details } : error;
  }
  return null;
}

describe('reading a stored pipeline', () => {
  it('gives back what was written', () => {
    expect(parsePipeline(stored({}))).toEqual(pipeline);
  });

  it('refuses another version, to read as to run', () => {
    const mismatch = { code: 'PIPELINE_VERSION_MISMATCH', needs: 1, has: 2 };
    expect(faultOf(() => parsePipeline(stored({ version: 2 })))).toEqual(mismatch);
    const later: FittedPipeline = JSON.parse(JSON.stringify({ ...pipeline, version: 2 })); // as another release would hand it over
    expect(faultOf(() => compilePipeline(later))).toEqual(mismatch);
  });

  it.each([
    ['steps[0].center', { steps: [{ kind: 'standard-scale', columns: ['age'], center: [1, 2], scale: [1] }] }],
    ['steps[0].scale[0]', { steps: [{ kind: 'standard-scale', columns: ['age'], center: [1], scale: [null] }] }],
    ['steps[0].kind', { steps: [{ kind: 'toString', columns: [] }] }],
    ['columns[0].kind', { columns: [{ name: 'age', kind: 'DATE' }] }],
    ['columns[1].categories', { columns: [pipeline.columns[0], { name: 'visitor', kind: 'CATEGORICAL' }] }],
    ['version', { version: '1' }],
    ['outputNames', { outputNames: null }],
    ['steps', { steps: pipeline.steps.slice(0, 1) }],
    ['steps', { steps: [{ kind: 'log1p', columns: ['size'] }] }],
  ])('names the place that is wrong: %s', (place, change) => {
    const found = faultOf(() => parsePipeline(stored(change)));
    expect(found).toEqual({
      code: 'PIPELINE_MALFORMED',
      place: expect.stringMatching(new RegExp(`(^|\\.)${place.replace(/[[\]]/g, '\\$&')}$`)),
    });
  });

  it('refuses what is no object', () => {
    expect(faultOf(() => parsePipeline([pipeline]))).toEqual({ code: 'PIPELINE_MALFORMED', place: 'pipeline' });
  });
});

describe('running a pipeline', () => {
  const compiled = compilePipeline(pipeline);

  it('gives a text that training did not see, and one that is missing, no category', () => {
    const out = new Float64Array(compiled.width);
    compiled.transformRow({ numbers: Float64Array.of(1), texts: ['c'] }, out);
    expect([...out.subarray(1)]).toEqual([0, 0]);
    compiled.transformRow({ numbers: Float64Array.of(1), texts: [null] }, out);
    expect([...out.subarray(1)]).toEqual([0, 0]);
  });

  it('finds the columns of a table by name', () => {
    const [age, visitor] = table.columns;
    const swapped = [visitor, age].filter((column) => column !== undefined);
    expect(compiled.transformTable({ rows: 3, columns: swapped })).toEqual(compiled.transformTable(table));
    expect(faultOf(() => compiled.transformTable({ rows: 3, columns: swapped.slice(0, 1) }))).toEqual({
      code: 'COLUMN_MISSING',
      column: 'age',
    });
  });
});
