import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@vitrine/kernel';
import { reasonOf, runProgram, type ProgramRunner } from './program.runner';

/** What is measured, and the numeric packages under it: another BLAS or pandas would be another measurement. */
const PINS = [
  'vowpalwabbit==9.11.9',
  'mabwiser==2.7.4',
  'numpy==2.4.6',
  'scipy==1.17.1',
  'scikit-learn==1.9.1',
  'pandas==3.1.1',
  'joblib==1.6.0',
  'seaborn==0.13.2',
] as const;
/** The oldest Python that every pinned version has wheels for. */
const OLDEST_PYTHON = [3, 11] as const;
const STAMP = 'vitrine-pins.json';
const QUICK_MS = 60_000;
const INSTALL_MS = 15 * 60_000;
const PIP = ['-m', 'pip', 'install', '--prefer-binary', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];

export interface PythonEnvironmentDeps {
  /** The environment is made in its folder `bench-venv`. */
  readonly dataDir: string;
  /** Takes one line of progress. */
  readonly say: (line: string) => void;
  readonly run?: ProgramRunner;
  /** The Python to build from; `python3` of the PATH unless named. */
  readonly python?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes the virtual environment that holds the pinned libraries, unless it is there. It is built beside its place and moved there when it
 * works, so a broken or interrupted installation is never taken for a good one, and two makers do not disturb each other.
 *
 * @returns the path of its Python
 * @throws DomainError DEPENDENCY_UNAVAILABLE when there is no fitting Python, or the package index or the folder cannot be used
 */
export async function ensurePythonEnvironment(deps: PythonEnvironmentDeps): Promise<string> {
  const home = join(deps.dataDir, 'bench-venv');
  if (await isReady(home)) return pythonOf(home);
  try {
    await mkdir(deps.dataDir, { recursive: true });
    const draft = await mkdtemp(join(deps.dataDir, 'bench-venv-'));
    try {
      await build(draft, deps);
      await moveIntoPlace(draft, home);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw unavailable(`The Python environment cannot be written to ${home}`, cause);
  }
  return pythonOf(home);
}

async function build(draft: string, deps: PythonEnvironmentDeps): Promise<void> {
  const run = deps.run ?? runProgram;
  const python = deps.python ?? 'python3';
  await requirePython(python, run, deps.signal);
  const step = async (what: string, program: string, args: readonly string[], timeoutMs = QUICK_MS): Promise<void> => {
    const done = await run(program, args, { timeoutMs, signal: deps.signal, onLine: (line) => sayProgress(line, deps.say) });
    if (done.code !== 0) throw unavailable(`${what}: ${reasonOf(done)}`);
  };
  deps.say(`Making a Python environment for ${PINS.slice(0, 2).join(' and ')} (once) ...`);
  await step(`"${python} -m venv" failed (Debian and Ubuntu have it in python3-venv)`, python, ['-m', 'venv', draft]);
  await step('pip could not install the libraries; is the package index reachable?', pythonOf(draft), [...PIP, ...PINS], INSTALL_MS);
  await step('The installed libraries do not load', pythonOf(draft), ['-c', 'import vowpalwabbit, mabwiser.mab']);
  await writeFile(join(draft, STAMP), JSON.stringify(PINS));
}

async function requirePython(python: string, run: ProgramRunner, signal: AbortSignal | undefined): Promise<void> {
  const wanted = OLDEST_PYTHON.join('.');
  const asked = await run(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], { timeoutMs: QUICK_MS, signal });
  if (asked.code !== 0) throw unavailable(`Python ${wanted} or newer is needed, and "${python}" does not run: ${reasonOf(asked)}`);
  const [major = 0, minor = 0] = asked.stdout.trim().split('.').map(Number);
  if (major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1])) return;
  throw unavailable(`Python ${wanted} or newer is needed, "${python}" is ${asked.stdout.trim()}`);
}

/** Somebody else may have put a good one there meanwhile, which is as good as ours; only one that is not good is replaced. */
async function moveIntoPlace(draft: string, home: string): Promise<void> {
  try {
    await rename(draft, home);
  } catch {
    if (await isReady(home)) return;
    await rm(home, { recursive: true, force: true });
    await rename(draft, home);
  }
}

async function isReady(home: string): Promise<boolean> {
  if (!existsSync(pythonOf(home))) return false; // also when the Python that it links to is gone
  const stamp = await readFile(join(home, STAMP), 'utf8').catch(() => '');
  return stamp === JSON.stringify(PINS);
}

function sayProgress(line: string, say: (line: string) => void): void {
  if (/^(Collecting|Installing|Successfully)\b/.test(line)) say(`pip: ${line.slice(0, 160)}`);
}

const pythonOf = (home: string): string => join(home, 'bin', 'python');

const unavailable = (message: string, cause?: unknown): DomainError => new DomainError('DEPENDENCY_UNAVAILABLE', message, { cause });
