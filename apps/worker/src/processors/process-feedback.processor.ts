import { parseFeedbackChunk, type FeedbackChunk, type ProcessFeedback, type ProcessFeedbackOutcome } from '@vitrine/feedback';
import type { Clock } from '@vitrine/kernel';
import type { Logger } from '@vitrine/platform';
import { UnrecoverableError } from 'bullmq';
import type { ClientSession } from 'mongoose';
import type { CleaningMetric } from '../cleaning-metric';

/** A job as its queue holds it. */
export interface WaitingJob {
  readonly id: string;
  readonly data: unknown;
}

/** What is read of a job whose turn it is. */
export interface TakenJob {
  readonly id?: string | undefined;
  readonly data: unknown;
  /** When it was queued, ms since the epoch. */
  readonly timestamp: number;
}

export interface ProcessFeedbackProcessorDeps {
  readonly process: Pick<ProcessFeedback<ClientSession>, 'execute' | 'executeAll'>;
  /** Jobs that wait in a partition, the next one first. */
  readonly waiting: (partition: number, limit: number) => Promise<readonly WaitingJob[]>;
  readonly countCleaning: CleaningMetric;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A job that waited for longer than this is not alone. */
const QUEUE_GROWS_MS = 20;
/** Jobs taken together with one: about what a transaction does well with. */
const MAX_AHEAD = 24;
/** Outcomes that are remembered until their jobs come; those that another worker gets are never asked for. */
const MAX_REMEMBERED = 2_000;

/**
 * One chunk of events, exactly once however often it runs. Where chunks wait, those behind it are taken in the same transaction, so that a
 * partition catches up the faster the longer its queue is; when their own turn comes they are done, or, should this process have forgotten
 * it, are found done by their events' ids.
 */
export function createProcessFeedback({ process, waiting, countCleaning, clock, logger }: ProcessFeedbackProcessorDeps) {
  /** Job ids are a queue's own: partitions have the same ones. */
  const done = new Map<string, ProcessFeedbackOutcome>();
  const keyOf = (partition: number, id: string | undefined): string => `${partition}/${id ?? ''}`;

  const remember = (key: string, outcome: ProcessFeedbackOutcome): void => {
    done.set(key, outcome);
    const [oldest] = done.keys();
    if (done.size > MAX_REMEMBERED && oldest !== undefined) done.delete(oldest);
  };

  const chunksBehind = async (job: TakenJob, { partition }: FeedbackChunk) => {
    if (clock.now() - job.timestamp < QUEUE_GROWS_MS) return [];
    const jobs = await waiting(partition, MAX_AHEAD).catch(() => []); // only saves time
    return jobs.flatMap(({ id, data }) => {
      const parsed = parseFeedbackChunk(data);
      const key = keyOf(partition, id);
      return parsed.ok && id !== job.id && !done.has(key) ? [{ key, chunk: parsed.value }] : [];
    });
  };

  const take = async (job: TakenJob, chunk: FeedbackChunk): Promise<ProcessFeedbackOutcome> => {
    const behind = await chunksBehind(job, chunk);
    if (behind.length === 0) return process.execute(chunk);
    try {
      const [own, ...others] = await process.executeAll([chunk, ...behind.map((one) => one.chunk)]);
      others.forEach((outcome, i) => {
        const key = behind[i]?.key;
        if (key !== undefined) remember(key, outcome);
      });
      if (own !== undefined) return own;
    } catch (error) {
      logger.debug({ jobId: job.id, jobs: behind.length, err: error }, 'chunks could not be taken together'); // one of them may be at fault
    }
    return process.execute(chunk);
  };

  return async (job: TakenJob): Promise<ProcessFeedbackOutcome> => {
    const chunk = parseFeedbackChunk(job.data);
    if (!chunk.ok) throw new UnrecoverableError(`the chunk is malformed at ${chunk.error}`);
    const key = keyOf(chunk.value.partition, job.id);
    const before = done.get(key);
    done.delete(key);
    const outcome = before ?? (await take(job, chunk.value));
    countCleaning(outcome.rules);
    logger.info({ jobId: job.id, partition: chunk.value.partition, ...outcome }, 'events taken');
    return outcome;
  };
}
