import { DomainError, type ErrorCode } from '@vitrine/kernel';
import type { Logger } from '@vitrine/platform';
import { UnrecoverableError, type Job } from 'bullmq';
import { z } from 'zod';
import { AssignPartition, type AssignPartitionDeps } from '../application/assign-partition';
import { ExtractRows, type ExtractRowsDeps } from '../application/extract-rows';
import { FinishTraining } from '../application/finish-training';
import { FitModel, type FitModelDeps } from '../application/fit-model';
import { PlanSearch } from '../application/plan-search';
import { PublishModel, type PublishModelDeps } from '../application/publish-model';
import { RankTrials } from '../application/rank-trials';
import { RunTrial, type RunTrialDeps } from '../application/run-trial';
import { ValidateModel } from '../application/validate-model';
import { SEGMENT_JOBS, type SegmentJobName } from './training-flow';

export type SegmentProcessorsDeps = ExtractRowsDeps &
  RunTrialDeps &
  FitModelDeps &
  PublishModelDeps &
  AssignPartitionDeps & { readonly logger: Logger };

/** What a processor reads of its job. */
export type SegmentJob = Pick<Job<unknown>, 'id' | 'name' | 'data' | 'attemptsMade' | 'opts'>;
export type SegmentProcessor = (job: SegmentJob) => Promise<void>;

const runPayload = z.object({ runId: z.string().min(1).max(64) });
const number = z.int().min(0).max(4_095);
const partitionPayload = runPayload.extend({ partition: number });
const rungPayload = runPayload.extend({ rung: number });
const trialPayload = rungPayload.extend({ number });

/** One processor per job name, each safe to run twice. A run whose step fails for good is marked FAILED with its code. */
export function createSegmentProcessors(deps: SegmentProcessorsDeps): Readonly<Record<SegmentJobName, SegmentProcessor>> {
  const extract = new ExtractRows(deps);
  const plan = new PlanSearch(deps);
  const trial = new RunTrial(deps);
  const rank = new RankTrials(deps);
  const fit = new FitModel(deps);
  const validate = new ValidateModel(deps);
  const publish = new PublishModel(deps);
  const assign = new AssignPartition(deps);
  const finish = new FinishTraining(deps);
  const guard = createGuard(finish, deps.logger);
  const forRun = (execute: (runId: string) => Promise<unknown>) => guard(runPayload, ({ runId }) => execute(runId));
  return {
    'extract-rows': guard(partitionPayload, ({ runId, partition }) => extract.execute(runId, partition)),
    'plan-search': forRun((runId) => plan.execute(runId)),
    'run-trial': guard(trialPayload, ({ runId, rung, number: configuration }) => trial.execute(runId, rung, configuration)),
    'rank-trials': guard(rungPayload, ({ runId, rung }) => rank.execute(runId, rung)),
    'fit-model': forRun((runId) => fit.execute(runId)),
    'validate-model': forRun((runId) => validate.execute(runId)),
    'publish-model': forRun((runId) => publish.execute(runId)),
    'assign-partition': guard(partitionPayload, ({ runId, partition }) => assign.execute(runId, partition)),
    'finish-training': forRun((runId) => finish.succeed(runId)),
  };
}

/** Chooses the processor by the job's name: what a BullMQ worker of the segments queue runs. */
export function createSegmentProcessor(deps: SegmentProcessorsDeps): SegmentProcessor {
  const processors = createSegmentProcessors(deps);
  return async (job) => {
    const name = SEGMENT_JOBS.find((known) => known === job.name);
    if (name === undefined) throw new UnrecoverableError(`unknown segment job ${job.name}`);
    await processors[name](job);
  };
}

function createGuard(finish: FinishTraining, logger: Logger) {
  return <P extends { readonly runId: string }>(schema: z.ZodType<P>, execute: (payload: P) => Promise<unknown>): SegmentProcessor =>
    async (job) => {
      const payload = schema.safeParse(job.data);
      if (!payload.success) throw new UnrecoverableError('the job payload is malformed'); // a retry cannot mend bad data
      const { runId } = payload.data;
      try {
        await execute(payload.data);
        logger.info({ jobId: job.id, runId, step: job.name }, 'training step done');
      } catch (error) {
        const failure = failureOf(error);
        const last = failure.final || job.attemptsMade + 1 >= (job.opts.attempts ?? 1);
        logger.warn({ jobId: job.id, runId, step: job.name, attempt: job.attemptsMade + 1, last, err: error }, 'training step failed');
        if (!last) throw error;
        await finish
          .fail(runId, failure)
          .catch((err: unknown) => logger.error({ jobId: job.id, runId, err }, 'a failed run could not be marked'));
        throw new UnrecoverableError(`${failure.code}: ${failure.message}`);
      }
    };
}

interface Failure {
  readonly code: ErrorCode;
  /** Safe to show: what an unknown error says stays in the log. */
  readonly message: string;
  /** Whether trying again cannot help. */
  readonly final: boolean;
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof DomainError)) return { code: 'INTERNAL', message: 'a step failed for an unexpected reason', final: false };
  return { code: error.code, message: error.message, final: !error.entry.retryable };
}
