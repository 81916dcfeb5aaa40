import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DomainError } from '@vitrine/kernel';
import { compareMeasurements, type LearnerComparison, type OurMeasurement } from './learner-comparison';
import { runProgram, type ProgramRunner } from './program.runner';
import { ensurePythonEnvironment } from './python-environment';
import { LIBRARIES, playInPython, type LearnerWork, type PythonMeasurement, type PythonPlayer } from './python-learner';
import { streamOrderSha256 } from './stream-order';

const USUAL_REPEATS = 3;

export interface CompareLearnersRequest extends LearnerWork {
  /** Plays our policies on the very same work; called once per repeat, the same policies each time. */
  readonly ours: (work: LearnerWork) => readonly OurMeasurement[] | Promise<readonly OurMeasurement[]>;
  /** How often each side plays; medians are compared. At least 1. */
  readonly repeats?: number;
}

export interface CompareLearnersDeps {
  /** Top of the checkout. */
  readonly root: string;
  readonly dataDir: string;
  /** Takes one line of progress; standard output belongs to results. */
  readonly say: (line: string) => void;
  readonly run?: ProgramRunner;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Measures choosing and learning per round: our policies, then each library, in turn, `repeats` times over, so that whatever slows the
 * machine down meets every side. Only one side runs at any moment.
 *
 * @returns every policy of ours against every library
 * @throws DomainError NOT_FOUND without the file; BAD_USER_INPUT on seed, epochs, rounds, repeats or a file that the script refuses;
 *   DEPENDENCY_UNAVAILABLE when Python or its libraries cannot be had;
 *   INTERNAL when a library played another order of rounds
 */
export async function compareLearners(request: CompareLearnersRequest, deps: CompareLearnersDeps): Promise<readonly LearnerComparison[]> {
  const { ours: playOurs, repeats = USUAL_REPEATS, ...asked } = request;
  const work = { ...asked, dataFile: resolve(asked.dataFile) };
  checkRequest(work, repeats);
  const run = deps.run ?? runProgram;
  const python = await ensurePythonEnvironment({ ...deps, run });
  const player = { python, root: deps.root, run, signal: deps.signal };
  const ours: OurMeasurement[] = [];
  const theirs: PythonMeasurement[] = [];
  for (let repeat = 1; repeat <= repeats; repeat++) {
    deps.say(`Repeat ${repeat} of ${repeats}: our policies ...`);
    ours.push(...(await playOurs(work)));
    theirs.push(...(await playTheirs(work, player, (library) => deps.say(`Repeat ${repeat} of ${repeats}: ${library} ...`))));
  }
  return compareMeasurements(ours, theirs);
}

async function playTheirs(
  work: LearnerWork,
  player: PythonPlayer,
  begin: (library: string) => void,
): Promise<readonly PythonMeasurement[]> {
  const played: PythonMeasurement[] = [];
  for (const library of LIBRARIES) {
    begin(library);
    const measured = await playInPython(library, work, player);
    if (measured.orderSha256 !== streamOrderSha256(measured.rows, work.seed, work.epochs))
      throw new DomainError('INTERNAL', `${library} was given another order of rounds than ours, so the two cannot be compared`);
    played.push(measured);
  }
  return played;
}

function checkRequest({ dataFile, seed, epochs, rounds }: LearnerWork, repeats: number): void {
  const least = { seed: [seed, 0], epochs: [epochs, 1], rounds: [rounds ?? 1, 1], repeats: [repeats, 1] } as const;
  for (const [field, [value, minimum]] of Object.entries(least)) {
    if (Number.isSafeInteger(value) && value >= minimum) continue;
    throw new DomainError('BAD_USER_INPUT', `${field} must be a whole number of at least ${minimum}`, { details: { field } });
  }
  if (!existsSync(dataFile)) throw new DomainError('NOT_FOUND', `there is no file ${dataFile}`);
}
