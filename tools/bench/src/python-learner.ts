import { join } from 'node:path';
import { DomainError, err, ok, type Result } from '@vitrine/kernel';
import { z } from 'zod';
import { reasonOf, type ProgramRunner } from './program.runner';

const PLAY_MS = 15 * 60_000;
/** What the script ends with when the file or an argument is at fault. */
const INPUT_FAULT = 2;

export const LIBRARIES = ['vowpalwabbit', 'mabwiser'] as const;
export type Library = (typeof LIBRARIES)[number];

const measurement = z.object({
  library: z.enum(LIBRARIES),
  version: z.string().min(1),
  algorithm: z.string().min(1),
  rows: z.number().int().positive(),
  orderSha256: z.string().regex(/^[0-9a-f]{64}$/),
  rounds: z.number().int().positive(),
  meanReward: z.number().min(0).max(1),
  microsecondsPerRound: z.number().positive(),
});

/** What the script measured of one library on one stream. */
export type PythonMeasurement = Readonly<z.infer<typeof measurement>>;

/** The work both sides do: the stream of a seed over a labelled CSV, or its first rounds. */
export interface LearnerWork {
  readonly dataFile: string;
  readonly seed: number;
  readonly epochs: number;
  /** Plays only the first rounds of the stream. */
  readonly rounds?: number;
}

/** Reads what the script prints: one JSON object. The error names the first field at fault. */
export function parseMeasurement(text: string): Result<PythonMeasurement, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('it did not print JSON');
  }
  const parsed = measurement.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err(`${issue?.path.join('.') || 'the answer'}: ${issue?.message ?? 'is malformed'}`);
}

export interface PythonPlayer {
  readonly python: string;
  /** Top of the checkout, where the script is. */
  readonly root: string;
  readonly run: ProgramRunner;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Lets another library play the work once, in a process of its own.
 *
 * @throws DomainError BAD_USER_INPUT when the script refuses the file or an argument, DEPENDENCY_UNAVAILABLE when it fails otherwise
 */
export async function playInPython(library: Library, work: LearnerWork, player: PythonPlayer): Promise<PythonMeasurement> {
  const script = join(player.root, 'tools', 'bench', 'src', 'python', 'compare_learners.py');
  const done = await player.run(player.python, [script, ...argumentsOf(library, work)], { timeoutMs: PLAY_MS, signal: player.signal });
  if (done.code === INPUT_FAULT) throw new DomainError('BAD_USER_INPUT', reasonOf(done));
  if (done.code !== 0) throw new DomainError('DEPENDENCY_UNAVAILABLE', `${library} did not finish its stream: ${reasonOf(done)}`);
  const parsed = parseMeasurement(done.stdout);
  if (parsed.ok) return parsed.value;
  throw new DomainError('DEPENDENCY_UNAVAILABLE', `${library}: ${parsed.error}`);
}

function argumentsOf(library: Library, { dataFile, seed, epochs, rounds }: LearnerWork): readonly string[] {
  const words = ['--library', library, '--data', dataFile, '--seed', String(seed), '--epochs', String(epochs)];
  return rounds === undefined ? words : [...words, '--rounds', String(rounds)];
}
