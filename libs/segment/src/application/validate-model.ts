import { DomainError, type Clock } from '@vitrine/kernel';
import { judgeCandidate } from '../domain/gate/judge-candidate';
import type { GateEvidence } from '../domain/gate/measure-candidate';
import type { SegmentModel } from '../domain/types';
import { whileAlive } from './run-alive';
import type { TrainingCompute } from './training-compute';
import type { SegmentModelRepository, TrainingRowRepository, TrainingRunRepository } from './training-ports';
import { responsesOf } from './training-responses';

export interface ValidateModelDeps {
  readonly runs: TrainingRunRepository;
  readonly rows: TrainingRowRepository;
  readonly models: SegmentModelRepository;
  readonly compute: TrainingCompute;
  readonly clock: Clock;
}

/** Judges the run's candidate on its held-out rows, alone and against the live model. The first verdict stands. */
export class ValidateModel {
  constructor(private readonly deps: ValidateModelDeps) {}

  /** @throws DomainError NOT_FOUND when the run has no model yet */
  async execute(runId: string): Promise<void> {
    const { runs, rows, models, compute, clock } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING') return;
    const candidate = await models.find(run.modelVersion);
    if (candidate === null) throw new DomainError('NOT_FOUND', 'the run has no model to validate', { details: { runId } });
    if (!isJudged(candidate)) {
      await runs.moveTo(runId, 'VALIDATE', clock.now());
      const [live, heldOut, responses] = [await models.findPublished(), await rows.load(run, 'TEST'), await responsesOf(rows, run, 'TEST')];
      const request = { heldOut, responses, candidate, live, settings: run.settings };
      const evidence = await whileAlive(this.deps, runId, (signal) => compute.run('measure', request, signal));
      if (evidence === null) return;
      const refusal = judgeCandidate(evidence, run.settings.gate);
      const figures = metricsOf(evidence, live);
      const log = Object.entries(figures).map(([name, value]) => ({ name, index: 0, value }));
      await runs.saveLog(runId, 'VALIDATE', log, clock.now());
      await models.saveVerdict(candidate.version, { refusal, metrics: { ...candidate.metrics, ...figures } });
    }
    await runs.moveTo(runId, 'PUBLISH', clock.now());
  }
}

/** A verdict is the evidence that it left. */
export function isJudged(model: Pick<SegmentModel, 'metrics'>): boolean {
  return model.metrics['heldOutRows'] !== undefined;
}

function metricsOf(evidence: GateEvidence, live: SegmentModel | null): Readonly<Record<string, number>> {
  const known = Object.entries(evidence).flatMap(([name, value]: [string, number | null]) => (value === null ? [] : [[name, value]]));
  return { ...Object.fromEntries(known), ...(live === null ? {} : { liveVersion: live.version }) };
}
