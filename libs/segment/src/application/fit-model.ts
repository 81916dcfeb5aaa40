import { DomainError, type Clock } from '@vitrine/kernel';
import { sameFeatures } from '../domain/gate/measure-candidate';
import { isRunnable } from '../domain/segment-assigner';
import type { TrainingRun } from '../domain/training-run';
import { whileAlive } from './run-alive';
import type { TrainingCompute } from './training-compute';
import type { SegmentModelRepository, TrainingRowRepository, TrainingRunRepository } from './training-ports';
import { responsesOf } from './training-responses';

export interface FitModelDeps {
  readonly runs: TrainingRunRepository;
  readonly rows: TrainingRowRepository;
  readonly models: SegmentModelRepository;
  readonly compute: TrainingCompute;
  readonly clock: Clock;
}

/** Fits the configuration that won the search on all training rows and keeps the model as a candidate. Running it again finds the model and does nothing. */
export class FitModel {
  constructor(private readonly deps: FitModelDeps) {}

  /** @throws DomainError NOT_FOUND when the search has chosen nothing yet */
  async execute(runId: string): Promise<void> {
    const { runs, models, clock } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING') return;
    if ((await models.find(run.modelVersion)) === null && !(await this.fit(run))) return;
    await runs.moveTo(runId, 'VALIDATE', clock.now());
  }

  /** @returns false when the run ended meanwhile */
  private async fit(run: TrainingRun): Promise<boolean> {
    const { runs, rows, models, compute, clock } = this.deps;
    const configuration = run.chosen === null ? undefined : run.configurations[run.chosen];
    if (configuration === undefined)
      throw new DomainError('NOT_FOUND', 'the run has chosen no configuration', { details: { runId: run.id } });
    await runs.moveTo(run.id, 'FIT', clock.now());
    const { settings, seed, modelVersion: version, parentVersion, codeVersion } = run;
    const parent = parentVersion === null ? null : await models.find(parentVersion);
    const request = {
      ...{ train: await rows.load(run, 'TRAIN'), tune: await rows.load(run, 'TUNE'), responses: await responsesOf(rows, run, 'TUNE') },
      ...{ configuration, settings, seed },
      live: parent !== null && sameFeatures(parent, run) && isRunnable(parent) ? parent : null,
      nextSegment: await models.nextSegment(),
    };
    const outcome = await whileAlive(this.deps, run.id, (signal) => compute.run('fit', request, signal));
    if (outcome === null) return false;
    const lineage = { version, parentVersion, codeVersion, fingerprint: run.fingerprint ?? '' };
    await runs.saveLog(run.id, 'FIT', outcome.log, clock.now());
    await models.insert({ ...outcome.model, ...lineage, status: 'CANDIDATE', createdAt: clock.now(), refusal: null });
    return true;
  }
}
