import { DomainError, type Clock } from '@vitrine/kernel';
import { isJudged } from './validate-model';
import type { SegmentModelRepository, TrainingQueue, TrainingRowRepository, TrainingRunRepository } from './training-ports';

export interface PublishModelDeps {
  readonly runs: TrainingRunRepository;
  readonly rows: TrainingRowRepository;
  readonly models: SegmentModelRepository;
  readonly queue: TrainingQueue;
  readonly clock: Clock;
  /** Tells every process that another model is live; must not throw. */
  readonly announce: (modelVersion: number) => void;
  /** Versions that are kept. */
  readonly keepModels: number;
  readonly logger: ModelLog;
}

/** Where it is said which version is live, and why another one is not. */
export interface ModelLog {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
}

/**
 * Puts a candidate that passed its gate live, in the place of the former model, and queues the reassignment of all profiles; ends the run
 * when the gate refused it. Queueing comes after publishing and is repeated when the step runs again, so neither can get lost.
 */
export class PublishModel {
  constructor(private readonly deps: PublishModelDeps) {}

  /** @throws DomainError NOT_FOUND when the model is missing or was not judged yet */
  async execute(runId: string): Promise<'PUBLISHED' | 'REFUSED' | 'SKIPPED'> {
    const { runs, rows, models, queue, clock, announce, keepModels, logger } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING') return 'SKIPPED';
    const model = await models.find(run.modelVersion);
    if (model === null || !isJudged(model)) throw new DomainError('NOT_FOUND', 'the run has no judged model', { details: { runId } });
    if (model.status === 'REFUSED') {
      logger.warn(
        { runId, modelVersion: model.version, refusal: model.refusal, live: run.parentVersion },
        'segment model refused, the live one stays',
      );
      const failure = { code: 'SEGMENT_GATE_REFUSED', message: model.refusal ?? 'refused' } as const;
      await rows.deleteRun(runId);
      await runs.finish(runId, { status: 'REFUSED', step: 'DONE', failure }, clock.now());
      return 'REFUSED';
    }
    if (!(await models.publish(run.modelVersion, runId, clock.now()))) {
      // Taken back before this step was done with it: nothing is left to do. A run that ended meanwhile is left as it is.
      const failure = { code: 'STALE_WRITE', message: 'another version went live meanwhile' } as const;
      await rows.deleteRun(runId);
      await runs.finish(runId, { status: 'FAILED', step: 'PUBLISH', failure }, clock.now());
      return 'SKIPPED';
    }
    announce(run.modelVersion);
    logger.info({ runId, modelVersion: run.modelVersion, replaced: run.parentVersion }, 'segment model published');
    await rows.deleteRun(runId);
    await models.prune(keepModels);
    await runs.moveTo(runId, 'ASSIGN', clock.now());
    await queue.enqueueAssignment(runId, run.partitions);
    return 'PUBLISHED';
  }
}
