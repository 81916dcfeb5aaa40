import { DomainError, type Clock } from '@vitrine/kernel';
import { runPausing } from '../domain/steps';
import { judgeCandidate, measureCandidate, type GateEvidence } from '../domain/validate-candidate';
import type { SegmentModel } from '../domain/types';
import type { SegmentModelRepository, TrainingRowRepository, TrainingRunRepository } from './training-ports';

export interface ValidateModelDeps {
  readonly runs: TrainingRunRepository;
  readonly rows: TrainingRowRepository;
  readonly models: SegmentModelRepository;
  readonly clock: Clock;
  readonly pause: () => Promise<void>;
}

/** Judges the run's candidate on its held-out rows, alone and against the live model. The first verdict stands. */
export class ValidateModel {
  constructor(private readonly deps: ValidateModelDeps) {}

  /** @throws DomainError NOT_FOUND when the run has no model yet */
  async execute(runId: string): Promise<void> {
    const { runs, rows, models, clock, pause } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING') return;
    const candidate = await models.find(run.modelVersion);
    if (candidate === null) throw new DomainError('NOT_FOUND', 'the run has no model to validate', { details: { runId } });
    if (!isJudged(candidate)) {
      await runs.moveTo(runId, 'VALIDATE', clock.now());
      const live = await models.findPublished();
      const evidence = await runPausing(measureCandidate(await rows.load(run, 'TEST'), { candidate, live }, run.settings), pause);
      const refusal = judgeCandidate(evidence, run.settings.gate);
      await models.saveVerdict(candidate.version, { refusal, metrics: { ...candidate.metrics, ...metricsOf(evidence, live) } });
    }
    await runs.moveTo(runId, 'PUBLISH', clock.now());
  }
}

/** A verdict is the evidence that it left. */
export function isJudged(model: Pick<SegmentModel, 'metrics'>): boolean {
  return model.metrics['heldOutRows'] !== undefined;
}

function metricsOf(evidence: GateEvidence, live: SegmentModel | null): Readonly<Record<string, number>> {
  const { liveSilhouette, ...numbers } = evidence;
  return liveSilhouette === null || live === null ? numbers : { ...numbers, liveSilhouette, liveVersion: live.version };
}
