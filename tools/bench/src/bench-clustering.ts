import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError, type Result } from '@vitrine/kernel';
import { compareClusterings, type ClusteringComparison, type JudgedClustering } from './clustering-comparison';
import { parseClustering, parseInertias, type ClusteringMeasurement } from './clustering-measurement';
import { writeMixtureRows } from './mixture-rows';
import { reasonOf, runProgram, type ProgramRunner } from './program.runner';
import { ensurePythonEnvironment } from './python-environment';

export interface BenchClusteringRequest {
  readonly rows: number;
  readonly columns: number;
  readonly k: number;
  /** Seedings that ours tries. */
  readonly restarts: number;
  /** How often each side clusters, each time under another seed; medians are compared. */
  readonly repeats: number;
  /** Of the rows and of the first repeat. */
  readonly seed: number;
}

export interface BenchClusteringDeps {
  /** Top of the checkout, where our program was built and the script is. */
  readonly root: string;
  /** The rows lie here while it runs. */
  readonly dataDir: string;
  /** Takes one line of progress. */
  readonly say: (line: string) => void;
  readonly run?: ProgramRunner;
  readonly signal?: AbortSignal | undefined;
}

interface Side {
  readonly label: string;
  readonly program: string;
  readonly args: (seed: number) => readonly string[];
}

const COMPONENTS = 20;
const SIDE_MS = 30 * 60_000;
/** As people use it, and with larger batches and several seedings: batch_size, n_init. */
const PYTHON_SETTINGS = [[], ['4096', '3']] as const;

/**
 * Measures k-means on made-up rows: ours and scikit-learn's MiniBatchKMeans in turn, every clustering in a process of its own, so that
 * whatever slows the machine down meets every side. Afterwards one judge computes the inertia of everybody's centroids.
 *
 * @throws DomainError DEPENDENCY_UNAVAILABLE when Python or its libraries cannot be had or a side fails, SHUTTING_DOWN when told to end
 */
export async function benchClustering(request: BenchClusteringRequest, deps: BenchClusteringDeps): Promise<ClusteringComparison> {
  const run = deps.run ?? runProgram;
  const python = await ensurePythonEnvironment({ ...deps, run });
  await mkdir(deps.dataDir, { recursive: true });
  const folder = await mkdtemp(join(deps.dataDir, 'bench-rows-'));
  try {
    const rowsFile = join(folder, 'rows.f64');
    deps.say(`Writing ${request.rows} rows of ${request.columns} columns ...`);
    await writeMixtureRows(rowsFile, { ...request, components: COMPONENTS });
    const sides = sidesOf(request, { root: deps.root, python, rowsFile });
    const measured = await measureInTurn(sides, request, { ...deps, run });
    deps.say('Judging all centroids ...');
    const judge = { program: process.execPath, args: [ourProgram(deps.root), 'judge', rowsFile, String(request.columns)] };
    const judged = await judgeAll(measured, join(folder, 'centroids.json'), (file) =>
      ask({ ...judge, args: [...judge.args, file] }, parseInertias, { ...deps, run }),
    );
    const [ours = [], ...theirs] = judged;
    return compareClusterings(ours, theirs);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const ourProgram = (root: string): string => join(root, 'dist', 'tools', 'bench', 'cluster-rows.cjs');

interface Places {
  readonly root: string;
  readonly python: string;
  readonly rowsFile: string;
}

function sidesOf({ columns, k, restarts }: BenchClusteringRequest, { root, python, rowsFile }: Places): readonly Side[] {
  const script = join(root, 'tools', 'bench', 'src', 'python', 'cluster_rows.py');
  const work = (seed: number): readonly string[] => [rowsFile, columns, k, seed].map(String);
  return [
    { label: 'ours', program: process.execPath, args: (seed) => [ourProgram(root), 'fit', ...work(seed), String(restarts)] },
    ...PYTHON_SETTINGS.map((settings) => ({
      label: ['MiniBatchKMeans', ...settings].join(' '),
      program: python,
      args: (seed: number) => [script, ...work(seed), ...settings],
    })),
  ];
}

interface Asking {
  readonly run: ProgramRunner;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** @returns per side its repeats */
async function measureInTurn(
  sides: readonly Side[],
  { repeats, seed }: BenchClusteringRequest,
  deps: Asking,
): Promise<readonly (readonly ClusteringMeasurement[])[]> {
  const measured: ClusteringMeasurement[][] = sides.map(() => []);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [at, { label, program, args }] of sides.entries()) {
      deps.say(`Repeat ${repeat + 1} of ${repeats}: ${label} ...`);
      measured[at]?.push(await ask({ program, args: args(seed + repeat) }, parseClustering, deps));
    }
  }
  return measured;
}

async function judgeAll(
  measured: readonly (readonly ClusteringMeasurement[])[],
  file: string,
  judge: (file: string) => Promise<readonly number[]>,
): Promise<readonly (readonly JudgedClustering[])[]> {
  await writeFile(file, JSON.stringify(measured.flat().map(({ centroids }) => centroids)));
  const inertias = await judge(file);
  let next = 0;
  return measured.map((side) => side.map(({ centroids: _, ...rest }) => ({ ...rest, inertia: inertias[next++] ?? Number.NaN })));
}

interface Question {
  readonly program: string;
  readonly args: readonly string[];
}

async function ask<T>({ program, args }: Question, parse: (text: string) => Result<T, string>, { run, signal }: Asking): Promise<T> {
  const done = await run(program, args, { timeoutMs: SIDE_MS, signal });
  if (signal?.aborted === true) throw new DomainError('SHUTTING_DOWN', 'stopped before every side was measured');
  if (done.code !== 0) throw new DomainError('DEPENDENCY_UNAVAILABLE', `A side of the comparison failed: ${reasonOf(done)}`);
  const parsed = parse(done.stdout);
  if (parsed.ok) return parsed.value;
  throw new DomainError('DEPENDENCY_UNAVAILABLE', `A side of the comparison answered what cannot be read: ${parsed.error}`);
}
