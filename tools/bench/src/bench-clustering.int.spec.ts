import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DomainError } from '@vitrine/kernel';
import { benchClustering, type BenchClusteringDeps } from './bench-clustering';
import type { ProgramRun, ProgramRunner } from './program.runner';
import { fakePython } from './testing/fake-python';

const REQUEST = { rows: 50, columns: 3, k: 2, restarts: 4, repeats: 2, seed: 7 };
const SIDE = { name: 'vitrine', version: 'v20', threads: 1, seconds: 1, cpuSeconds: 1, peakMiB: 600 };

describe('benchClustering', () => {
  let dataDir: string;
  /** What was run after the environment was made: the name of the program's file and its arguments but for the rows. */
  let calls: string[];
  let judged: unknown;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'vitrine-bench-'));
    calls = [];
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  const answerOf = (args: readonly string[]): object => {
    const centroids = [[args.length]];
    if (args[1] === 'judge') return (judged = JSON.parse(readFileSync(args.at(-1) ?? '', 'utf8')) as unknown[]).map((_, at) => 10 + at);
    if (args[1] === 'fit') return { ...SIDE, centroids };
    return { ...SIDE, name: args.length > 5 ? 'large' : 'usual', seconds: 4, centroids };
  };
  const runs =
    (failing: Partial<ProgramRun> = {}): ProgramRunner =>
    (program, args, options) => {
      if (!/cluster.rows/.test(args[0] ?? '')) return fakePython().run(program, args, options);
      const rows = args.find((word) => word.endsWith('rows.f64')) ?? '';
      expect(statSync(rows).size).toBe(50 * 3 * 8);
      const rest = args.slice(1).filter((word) => !word.startsWith(dataDir));
      calls.push([basename(args[0] ?? ''), ...rest].join(' '));
      return Promise.resolve({ code: 0, stdout: JSON.stringify(answerOf(args)), stderr: '', ...failing });
    };
  const bench = (deps: Partial<BenchClusteringDeps> = {}) =>
    benchClustering(REQUEST, { root: '/checkout', dataDir, say: () => undefined, run: runs(), ...deps });
  const failureOf = (deps: Partial<BenchClusteringDeps>): Promise<Pick<DomainError, 'code' | 'message'>> =>
    bench(deps).then(
      () => ({ code: 'INTERNAL', message: 'it did not fail' }),
      (error: DomainError) => error,
    );

  it('lets every side cluster the same rows in turn, under another seed each time, and one judge look at all', async () => {
    const { ours, references } = await bench();
    expect(calls).toEqual([
      'cluster-rows.cjs fit 3 2 7 4',
      'cluster_rows.py 3 2 7',
      'cluster_rows.py 3 2 7 4096 3',
      'cluster-rows.cjs fit 3 2 8 4',
      'cluster_rows.py 3 2 8',
      'cluster_rows.py 3 2 8 4096 3',
      'cluster-rows.cjs judge 3',
    ]);
    expect(judged).toEqual([[[7]], [[7]], [[5]], [[5]], [[7]], [[7]]]);
    expect(ours.inertia).toEqual({ median: 10.5, least: 10, most: 11 });
    expect(references.map(({ name, timeRatio, inertia }) => [name, timeRatio, inertia.least])).toEqual([
      ['usual', 0.25, 12],
      ['large', 0.25, 14],
    ]);
  });

  it('leaves no rows behind, whether it succeeds or fails', async () => {
    await bench();
    await failureOf({ run: runs({ code: 1, stderr: 'MemoryError' }) });
    expect(readdirSync(dataDir)).toEqual(['bench-venv']);
    expect(existsSync(dataDir)).toBe(true);
  });

  it('says why a side failed', async () => {
    expect(await failureOf({ run: runs({ code: 1, stderr: 'Traceback\nMemoryError' }) })).toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      message: 'A side of the comparison failed: MemoryError',
    });
    expect(await failureOf({ run: runs({ stdout: '{}' }) })).toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      message: expect.stringContaining('name: '),
    });
  });

  it('ends when it is told to', async () => {
    expect(await failureOf({ run: runs({ code: null }), signal: AbortSignal.abort() })).toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
