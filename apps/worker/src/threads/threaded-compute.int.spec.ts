import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { rngFromNumber } from '@vitrine/kernel';
import { DEFAULT_TRAINING_SETTINGS, inlineCompute, numericTable, type RawTable, type TrainingTasks } from '@vitrine/segment';
import { ThreadedCompute } from './threaded-compute';

const ROOT = resolve(__dirname, '../../../..');
const THREAD = join(ROOT, 'dist/apps/worker/training-thread.cjs');
const COLUMNS = ['a', 'b', 'c'];
const settings = { ...DEFAULT_TRAINING_SETTINGS, silhouetteRows: 200 };

/** Two kinds of rows, in memory that threads share, as a training reads them. */
function table(rows: number, seed: number): RawTable {
  const rng = rngFromNumber(seed);
  const values = Float64Array.from({ length: rows * COLUMNS.length }, (_, at) => (Math.floor(at / 3) % 2) * 9 + rng() + rng());
  const { columns } = numericTable(COLUMNS, values);
  return {
    rows,
    columns: columns.map((column) => {
      const shared = new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT));
      if (column.kind === 'NUMERIC') shared.set(column.values);
      return { name: column.name, kind: 'NUMERIC', values: shared };
    }),
  };
}

function requests(rows = 600): { readonly [K in keyof TrainingTasks]: TrainingTasks[K]['request'] } {
  const [train, tune, heldOut] = [table(rows, 1), table(200, 2), table(200, 3)];
  const configuration = { algorithm: 'K_MEANS', segments: 2, scaling: 'STANDARD', dimensions: 2 } as const;
  const fit = { train, tune, responses: null, configuration, settings, seed: 4, live: null, nextSegment: 0 };
  const pipeline = {
    version: 1,
    columns: COLUMNS.map((name) => ({ name, kind: 'NUMERIC' as const })),
    steps: [],
    outputNames: COLUMNS,
  } as const;
  const segments = ['seg-0', 'seg-1'].map((id) => ({ id, name: id, description: '', share: 0.5, size: 0, rate: null }));
  const candidate = {
    ...{
      version: 1,
      featureNames: COLUMNS,
      pipeline,
      segments,
      seed: 4,
      response: null,
      trainedRows: 600,
      metrics: { stability: 1, trainSpreadPerRow: 1 },
    },
    clusterer: { kind: 'K_MEANS', middles: [[1, 1, 1], [10, 10, 10]] }, // prettier-ignore
  } as const;
  return {
    trial: { train, tune, responses: [], configuration, rung: 0, settings, seed: 4 },
    fit,
    measure: { heldOut, responses: null, candidate, live: null, settings },
  };
}

describe('ThreadedCompute', () => {
  const never = new AbortController().signal;
  let compute: ThreadedCompute;
  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, 'tools/bootstrap/build.mjs'), 'worker'], { stdio: ['ignore', 'ignore', 'pipe'] });
    compute = new ThreadedCompute({ threads: 1, filename: THREAD });
  });
  afterAll(() => compute.close());

  it.each(['trial', 'fit', 'measure'] as const)('computes a %s in a thread as this thread would, bit for bit', async (task) => {
    const request = requests()[task];
    const here: unknown = await inlineCompute.run(task, request, never);
    expect(await compute.run(task, request, never)).toEqual(here);
  });

  it('leaves the event loop free meanwhile', async () => {
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    await compute.run('fit', requests(20_000).fit, never);
    clearInterval(turning);
    expect(turns).toBeGreaterThan(10);
  });

  it('brings a coded failure over with its code and details', async () => {
    const { measure } = requests();
    const heldOut = { ...measure.heldOut, columns: measure.heldOut.columns.slice(1) };
    await expect(compute.run('measure', { ...measure, heldOut }, never)).rejects.toMatchObject({
      code: 'COLUMN_MISSING',
      details: { column: 'a' },
    });
  });

  it('ends a computation that is under way with the reason that it was aborted for, and goes on with the next', async () => {
    const { trial, fit } = requests(200_000);
    const long = {
      ...fit,
      settings: { ...settings, restarts: 400, maxIterations: 1_000 },
      configuration: { ...fit.configuration, segments: 40 },
    };
    const begun = performance.now();
    const signal = AbortSignal.timeout(300);
    await expect(compute.run('fit', long, signal)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(signal.aborted).toBe(true);
    expect(performance.now() - begun).toBeLessThan(5_000);
    await expect(compute.run('trial', trial, never)).resolves.toMatchObject({ segments: 2 });
  });

  it('begins nothing that was aborted before', async () => {
    await expect(compute.run('fit', requests().fit, AbortSignal.abort(new TypeError('too late')))).rejects.toThrow('too late');
  });
});
