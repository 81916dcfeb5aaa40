import { join } from 'node:path';
import type { TrainingCompute, TrainingTaskName, TrainingTasks } from '@vitrine/segment';
import { Piscina } from 'piscina';
import { valueOf, type ThreadAnswer } from './thread-answer';

const IDLE_MS = 10_000;

/** The program lies beside the bundle that starts it. */
export const TRAINING_THREAD = join(__dirname, 'training-thread.cjs');

export interface ThreadedComputeOptions {
  readonly threads: number;
  readonly filename?: string;
  /** Told of threads that die by themselves. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Fits models in threads of their own, so that the event loop stays free to renew the locks of jobs and to serve health; a thread that
 * has nothing to do for a while goes, and its memory with it. Tables lie in shared memory and are not copied.
 */
export class ThreadedCompute implements TrainingCompute {
  private readonly pool: Piscina;

  constructor({ threads, filename = TRAINING_THREAD, onError = () => undefined }: ThreadedComputeOptions) {
    this.pool = new Piscina({ filename, minThreads: 0, maxThreads: threads, idleTimeout: IDLE_MS });
    this.pool.on('error', onError); // without a listener, a thread that cannot start would end the process
  }

  async run<K extends TrainingTaskName>(
    task: K,
    request: TrainingTasks[K]['request'],
    signal: AbortSignal,
  ): Promise<TrainingTasks[K]['result']> {
    signal.throwIfAborted();
    try {
      const answer: ThreadAnswer<TrainingTasks[K]['result']> = await this.pool.run(request, { name: task, signal });
      return valueOf(answer);
    } catch (error) {
      signal.throwIfAborted(); // the pool has an error of its own for that
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
