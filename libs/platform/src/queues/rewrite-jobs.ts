import { Queue, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { QUEUE_PREFIX } from './queue-names';

/** What a payload is without some of its content. */
export interface RewrittenJob {
  readonly data: unknown;
  /** Pieces of content that went. */
  readonly removed: number;
  /** Nothing is left to do: a job that no worker has yet, or has any more, goes altogether. */
  readonly empty: boolean;
}

const PAGE = 200;
const STATES = ['active', 'waiting', 'delayed', 'prioritized', 'waiting-children', 'failed', 'completed'] as const;

/** Reads the payload of every job that a queue holds, whatever its state. Jobs that come meanwhile may be missed. */
export async function* payloadsOf(redis: Redis, name: string): AsyncGenerator<unknown> {
  for await (const job of jobsOf(redis, name)) yield job.data;
}

/**
 * Takes content out of the jobs that a queue holds. A job that runs keeps what it has read, and finds the rest when it is tried again.
 *
 * @param rewrite null leaves a job as it is
 * @returns pieces of content that went
 */
export async function rewriteJobs(redis: Redis, name: string, rewrite: (data: unknown) => RewrittenJob | null): Promise<number> {
  let removed = 0;
  for await (const job of jobsOf(redis, name)) {
    const rewritten = rewrite(job.data);
    if (rewritten === null) continue;
    await replace(redis, job, rewritten);
    removed += rewritten.removed;
  }
  return removed;
}

/** Ids first: a list that shrinks while it is paged through would be skipped in part. */
async function* jobsOf(redis: Redis, name: string): AsyncGenerator<Job<unknown>> {
  const queue = new Queue<unknown>(name, { connection: redis, prefix: QUEUE_PREFIX });
  queue.on('error', () => undefined); // each command reports its own failure
  try {
    for (const id of await idsOf(queue)) {
      const job = await queue.getJob(id);
      if (job !== undefined) yield job;
    }
  } finally {
    await queue.close();
  }
}

async function idsOf(queue: Queue<unknown>): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (let at = 0; ; at += PAGE) {
    const page = await queue.getJobs([...STATES], at, at + PAGE - 1);
    if (page.length === 0) return ids;
    for (const { id } of page) if (id !== undefined) ids.add(id);
  }
}

/** What a failure was about may quote the payload, so it goes too. */
async function replace(redis: Redis, job: Job<unknown>, { data, empty }: RewrittenJob): Promise<void> {
  if (empty && (await job.remove().then(yes, no))) return; // a job that runs is locked, and stays
  await job.updateData(data).then(yes, no); // gone meanwhile: all the better
  const key = `${QUEUE_PREFIX}:${job.queueName}:${job.id}`;
  await redis.hdel(key, 'failedReason', 'stacktrace');
}

const yes = (): boolean => true;
const no = (): boolean => false;
