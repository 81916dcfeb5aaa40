import { QUEUE_PREFIX, WORKER_OPTIONS, type Logger } from '@vitrine/platform';
import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';

export interface QueueWorkersDeps {
  connect(): Redis;
  readonly logger: Logger;
  /** Instead of the usual ones. */
  readonly lockDurationMs?: number;
  readonly stalledEveryMs?: number;
}

/** The BullMQ workers of this process: the same rules for all, failures logged once each. */
export class QueueWorkers {
  private readonly workers: Worker[] = [];

  constructor(private readonly deps: QueueWorkersDeps) {}

  get running(): boolean {
    return this.workers.length > 0 && this.workers.every((worker) => worker.isRunning());
  }

  add(queue: string, processor: (job: Job<unknown>) => Promise<unknown>, concurrency: number): void {
    const { connect, logger, lockDurationMs: lockDuration = WORKER_OPTIONS.lockDuration } = this.deps;
    const stalledInterval = this.deps.stalledEveryMs ?? WORKER_OPTIONS.stalledInterval;
    const options = { ...WORKER_OPTIONS, lockDuration, stalledInterval };
    const worker = new Worker(queue, processor, { ...options, connection: connect(), prefix: QUEUE_PREFIX, concurrency });
    worker.on('failed', (job, error) => {
      const left = job === undefined ? 0 : (job.opts.attempts ?? 1) - job.attemptsMade;
      const about = { queue, jobId: job?.id, attempt: job?.attemptsMade, err: error };
      if (left > 0) logger.warn(about, 'a job failed and will run again');
      else logger.error(about, 'a job failed for good and stays in its queue');
    });
    worker.on('error', (error) => logger.debug({ queue, err: error }, 'a queue cannot be reached'));
    worker.on('stalled', (jobId) => logger.warn({ queue, jobId }, 'a job was taken over from a worker that went silent'));
    this.workers.push(worker);
  }

  /** Takes no new jobs and waits for running ones up to the deadline; what is left runs again elsewhere. */
  async close(deadlineMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, deadlineMs);
    });
    await Promise.race([Promise.allSettled(this.workers.map((worker) => worker.close())), late]);
    clearTimeout(timer);
  }
}
