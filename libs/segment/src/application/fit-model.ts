import { DomainError, type Clock } from '@vitrine/kernel';
import { fitSegmentModel } from '../domain/fit-segment-model';
import { runPausing } from '../domain/steps';
import { extractedRows, type TrainingRun } from '../domain/training-run';
import type { SegmentModelRepository, TrainingRowRepository, TrainingRunRepository } from './training-ports';

export interface FitModelDeps {
  readonly runs: TrainingRunRepository;
  readonly rows: TrainingRowRepository;
  readonly models: SegmentModelRepository;
  readonly clock: Clock;
  /** Lets the event loop run once. */
  readonly pause: () => Promise<void>;
}

/** Fits the run's model and keeps it as a candidate. Running it again finds the model and does nothing. */
export class FitModel {
  constructor(private readonly deps: FitModelDeps) {}

  /** @throws DomainError TOO_FEW_ROWS with `needs` and `has` */
  async execute(runId: string): Promise<void> {
    const { runs, rows, models, clock, pause } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING' || (await models.find(run.modelVersion)) !== null) return;
    demandRows(run);
    await runs.moveTo(runId, 'FIT', clock.now());
    const { featureNames, settings, seed } = run;
    const train = await rows.load(run, 'TRAIN');
    const tune = await rows.load(run, 'TUNE');
    const fitted = await runPausing(fitSegmentModel({ train, tune, featureNames, settings, seed }), pause);
    await models.insert({ ...fitted, version: run.modelVersion, status: 'CANDIDATE', createdAt: clock.now(), refusal: null });
    await runs.moveTo(runId, 'VALIDATE', clock.now());
  }
}

function demandRows(run: TrainingRun): void {
  const { train, tune, test } = extractedRows(run.extracted);
  const has = train + tune + test;
  const needs = run.settings.minRows;
  if (has >= needs && train > 0 && tune > 0 && test > 0) return;
  throw new DomainError('TOO_FEW_ROWS', `segments need ${needs} profiles that agreed to training; there are ${has}`, {
    details: { needs, has },
  });
}
