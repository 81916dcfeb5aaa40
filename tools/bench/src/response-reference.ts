import { join } from 'node:path';
import { DomainError } from '@vitrine/kernel';
import { z } from 'zod';
import { runProgram, reasonOf, type ProgramRunner } from './program.runner';
import { ensurePythonEnvironment } from './python-environment';

const FIT_MS = 5 * 60_000;
const unit = z.number().min(0).max(1);
const answer = z.object({
  library: z.string().min(1),
  version: z.string().min(1),
  rows: z.number().int().positive(),
  trainRows: z.number().int().positive(),
  testRows: z.number().int().positive(),
  plain: unit,
  categorical: unit,
});

/** ROC AUC on the test months of scikit-learn's histogram gradient boosting, with categories as numbers and told to be categories. */
export type ResponseReference = Readonly<z.infer<typeof answer>>;

export interface ResponseReferenceWork {
  readonly dataFile: string;
  readonly numeric: readonly string[];
  readonly categorical: readonly string[];
  readonly target: string;
  readonly month: string;
  readonly testMonths: readonly string[];
}

export interface ResponseReferenceDeps {
  /** Top of the checkout, where the script is. */
  readonly root: string;
  readonly dataDir: string;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly run?: ProgramRunner;
}

/** Fits the reference in a process of its own, on the same columns. @throws DomainError DEPENDENCY_UNAVAILABLE without Python or its libraries */
export async function fitResponseReference(work: ResponseReferenceWork, deps: ResponseReferenceDeps): Promise<ResponseReference> {
  const run = deps.run ?? runProgram;
  const python = await ensurePythonEnvironment({ ...deps, run });
  const script = join(deps.root, 'tools', 'bench', 'src', 'python', 'response_reference.py');
  const words = [
    ...['--data', work.dataFile, '--numeric', work.numeric.join(), '--categorical', work.categorical.join()],
    ...['--target', work.target, '--month', work.month, '--test-months', work.testMonths.join()],
  ];
  const done = await run(python, [script, ...words], { timeoutMs: FIT_MS, signal: deps.signal });
  if (done.code !== 0) throw new DomainError('DEPENDENCY_UNAVAILABLE', `scikit-learn did not finish: ${reasonOf(done)}`);
  try {
    return answer.parse(JSON.parse(done.stdout));
  } catch (cause) {
    throw new DomainError('DEPENDENCY_UNAVAILABLE', 'scikit-learn gave a malformed answer', { cause });
  }
}
