import type { Clock } from '@vitrine/kernel';
import type { TrainingRunRepository } from './training-ports';

export interface RunAliveDeps {
  readonly runs: Pick<TrainingRunRepository, 'get' | 'touch'>;
  readonly clock: Clock;
}

/** A computation of a run that ended meanwhile: cancelled, or given up for another. Nothing is wrong with the step. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';
}

const LOOK_EVERY_MS = 500;

/**
 * Keeps a run alive while a long computation goes on, and stops the computation when the run has ended meanwhile.
 *
 * @returns null when the run ended
 */
export async function whileAlive<T>(
  { runs, clock }: RunAliveDeps,
  runId: string,
  compute: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const ended = new AbortController();
  const timer = setInterval(() => {
    void look().catch(() => undefined); // a look that fails is made again
  }, LOOK_EVERY_MS);
  const look = async (): Promise<void> => {
    if ((await runs.get(runId)).status === 'RUNNING') await runs.touch(runId, clock.now());
    else ended.abort(new RunEnded());
  };
  try {
    return await compute(ended.signal);
  } catch (error) {
    if (ended.signal.aborted) return null;
    throw error;
  } finally {
    clearInterval(timer);
  }
}
