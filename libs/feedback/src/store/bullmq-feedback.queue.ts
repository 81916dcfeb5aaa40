import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { DomainError } from '@vitrine/kernel';
import { feedbackQueueName, PATIENT_JOB_OPTIONS, QUEUE_PREFIX } from '@vitrine/platform';
import type { FeedbackQueue } from '../application/ingest.ports';
import type { FeedbackChunk } from '../domain/feedback-chunk';

export interface BullMqFeedbackQueueOptions {
  /** A producer's client: no offline queue, a time limit per command. */
  readonly redis: Redis;
  readonly partitions: number;
  readonly prefix?: string;
  /** After this long an answer counts as none. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 2_500;

/** One queue per partition, so that a visitor's events keep their order while partitions run side by side. */
export class BullMqFeedbackQueue implements FeedbackQueue {
  private readonly queues = new Map<number, Queue>();

  constructor(private readonly options: BullMqFeedbackQueueOptions) {}

  /** @throws DomainError QUEUE_UNAVAILABLE; the chunk may still have been queued, which running it twice makes harmless */
  async add(partition: number, chunk: FeedbackChunk): Promise<void> {
    const queued = this.queue(partition).add('chunk', chunk, PATIENT_JOB_OPTIONS);
    try {
      await within(queued, this.options.deadlineMs ?? DEADLINE_MS);
    } catch (cause) {
      this.forget(partition);
      throw new DomainError('QUEUE_UNAVAILABLE', undefined, { cause });
    }
  }

  /** Lets each partition run one job at a time across all workers; kept in Redis, so one worker saying it is enough. */
  async limitConcurrency(): Promise<void> {
    for (let partition = 0; partition < this.options.partitions; partition++) await this.queue(partition).setGlobalConcurrency(1);
  }

  /** Jobs that wait in a partition, the next one first. */
  async waiting(partition: number, limit: number): Promise<readonly { readonly id: string; readonly data: unknown }[]> {
    const jobs = await this.queue(partition).getJobs(['waiting'], 0, limit - 1, true);
    return jobs.flatMap(({ id, data }) => (id === undefined ? [] : [{ id, data: data as unknown }]));
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  /** A queue that could not initialise stays broken for good: the next chunk gets a new one. */
  private forget(partition: number): void {
    const broken = this.queues.get(partition);
    this.queues.delete(partition);
    void broken?.close().catch(() => undefined);
  }

  private queue(partition: number): Queue {
    const held = this.queues.get(partition);
    if (held !== undefined) return held;
    const queue = new Queue(feedbackQueueName(partition), { connection: this.options.redis, prefix: this.options.prefix ?? QUEUE_PREFIX });
    queue.on('error', () => undefined); // each add reports its own failure
    this.queues.set(partition, queue);
    return queue;
  }
}

async function within<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DomainError('DEPENDENCY_UNAVAILABLE', 'Redis did not answer in time')), deadlineMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
