import { DomainError, type Clock } from '@vitrine/kernel';
import { planConfigurations } from '../domain/search/run-search';
import { extractedRows, type TrainingRun } from '../domain/training-run';
import type { TrainingQueue, TrainingRowRepository, TrainingRunRepository } from './training-ports';

export interface PlanSearchDeps {
  readonly runs: TrainingRunRepository;
  readonly rows: TrainingRowRepository;
  readonly queue: TrainingQueue;
  readonly clock: Clock;
}

/** Once every partition is extracted: fixes what the rows were, which configurations are tried, and queues the first rung. */
export class PlanSearch {
  constructor(private readonly deps: PlanSearchDeps) {}

  /** @throws DomainError TOO_FEW_ROWS with `needs` and `has` */
  async execute(runId: string): Promise<void> {
    const { runs, rows, queue, clock } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING') return;
    demandRows(run);
    const configurations = planConfigurations(run.settings.search, run.featureNames, run.seed);
    if (run.fingerprint === null) {
      await runs.savePlan(runId, { fingerprint: await rows.fingerprint(run), configurations }, clock.now());
      const { train, tune, test, dropped } = extractedRows(run.extracted);
      const counts = Object.entries({ trainRows: train, tuneRows: tune, testRows: test, droppedRows: dropped });
      const log = counts.map(([name, value]) => ({ name, index: 0, value }));
      await runs.saveLog(runId, 'EXTRACT', log, clock.now());
    }
    await runs.moveTo(runId, 'SEARCH', clock.now());
    await queue.enqueueRung(
      runId,
      0,
      configurations.map((_, number) => number),
    );
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
