import { parseFeedbackChunk, type ProcessFeedback, type ProcessFeedbackOutcome } from '@vitrine/feedback';
import type { Logger } from '@vitrine/platform';
import { UnrecoverableError, type Job } from 'bullmq';
import type { ClientSession } from 'mongoose';
import type { CleaningMetric } from '../cleaning-metric';

export interface ProcessFeedbackProcessorDeps {
  readonly process: Pick<ProcessFeedback<ClientSession>, 'execute'>;
  readonly countCleaning: CleaningMetric;
  readonly logger: Logger;
}

/** One chunk of events, exactly once however often it runs. */
export function createProcessFeedback({ process, countCleaning, logger }: ProcessFeedbackProcessorDeps) {
  return async (job: Job<unknown>): Promise<ProcessFeedbackOutcome> => {
    const chunk = parseFeedbackChunk(job.data);
    if (!chunk.ok) throw new UnrecoverableError(`the chunk is malformed at ${chunk.error}`);
    const outcome = await process.execute(chunk.value);
    countCleaning(outcome.rules);
    logger.info({ jobId: job.id, partition: chunk.value.partition, ...outcome }, 'events taken');
    return outcome;
  };
}
