import { DomainError } from '@vitrine/kernel';
import { isRunnable } from '../domain/segment-assigner';
import type { SegmentModel } from '../domain/types';
import type { ModelLog } from './publish-model';
import type { SegmentModelRepository } from './training-ports';
import type { TrainingStarter } from './training-starter';

export interface RollbackModelDeps {
  readonly models: SegmentModelRepository;
  readonly starter: Pick<TrainingStarter, 'reassign'>;
  /** Tells every process that another model is live; must not throw. */
  readonly announce: (modelVersion: number) => void;
  readonly logger: Pick<ModelLog, 'warn'>;
}

export interface RolledBack {
  readonly model: SegmentModel;
  /** The run that gives everybody their segment again; null when a training is active: the next version that goes live does. */
  readonly runId: string | null;
}

/** Puts a version that was live before in the place of the live one. Decisions use it at once; profiles that are listed by segment follow. */
export class RollbackModel {
  constructor(private readonly deps: RollbackModelDeps) {}

  /**
   * @param toVersion null: the parent of the live version
   * @throws DomainError NOT_FOUND without a live version or for one that is not held, STALE_WRITE when another one went live meanwhile,
   *   BAD_USER_INPUT for a version that was never live, PIPELINE_VERSION_MISMATCH for one of another release
   */
  async execute(toVersion: number | null): Promise<RolledBack> {
    const { models, announce, logger } = this.deps;
    const live = await models.findPublished();
    const version = toVersion ?? live?.parentVersion ?? null;
    const target = version === null ? null : await models.find(version);
    if (live === null || target === null)
      throw new DomainError('NOT_FOUND', 'there is no version to go back to', {
        details: { version: version ?? 'none' },
      });
    if (target.status !== 'RETIRED') {
      throw new DomainError('BAD_USER_INPUT', `version ${target.version} is ${target.status}: only one that was live can be gone back to`, {
        details: { version: target.version, status: target.status },
      });
    }
    if (!isRunnable(target)) {
      throw new DomainError('PIPELINE_VERSION_MISMATCH', `version ${target.version} was made by another release and cannot be run`);
    }
    if (!(await models.restore(live.version, target.version))) throw new DomainError('STALE_WRITE', 'another version went live meanwhile');
    announce(target.version);
    logger.warn({ from: live.version, to: target.version }, 'segment model rolled back');
    return { model: { ...target, status: 'PUBLISHED' }, runId: await this.reassign(target.version) };
  }

  private async reassign(version: number): Promise<string | null> {
    try {
      return (await this.deps.starter.reassign(version)).id;
    } catch (error) {
      this.deps.logger.warn({ version, err: error }, 'profiles keep the segments of another version until the next training');
      return null;
    }
  }
}
