import { DomainError, type Clock } from '@vitrine/kernel';
import { rungRows } from '../domain/search/search-settings';
import { responsesOf } from './training-responses';
import { whileAlive } from './run-alive';
import type { TrainingCompute } from './training-compute';
import type { TrainingRowRepository, TrainingRunRepository } from './training-ports';

export interface RunTrialDeps {
  readonly runs: TrainingRunRepository;
  readonly rows: TrainingRowRepository;
  readonly compute: TrainingCompute;
  readonly clock: Clock;
}

/** Scores one configuration in one rung of the search. Running it again finds the score and does nothing. */
export class RunTrial {
  constructor(private readonly deps: RunTrialDeps) {}

  /** @throws DomainError NOT_FOUND for a configuration that the run does not have */
  async execute(runId: string, rung: number, number: number): Promise<void> {
    const { runs, rows, compute, clock } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING' || run.trials[rung]?.[number] !== undefined) return;
    const configuration = run.configurations[number];
    if (configuration === undefined)
      throw new DomainError('NOT_FOUND', 'the run has no such configuration', { details: { runId, number } });
    const { settings, seed } = run;
    const train = await rows.load(run, 'TRAIN', READ_AHEAD * rungRows(settings.search, rung));
    const tune = await rows.load(run, 'TUNE');
    const pair = await responsesOf(rows, run, 'TUNE');
    const request = { train, tune, responses: pair === null ? [] : [pair], configuration, rung, settings, seed };
    const score = await whileAlive(this.deps, runId, (signal) => compute.run('trial', request, signal));
    if (score !== null) await runs.saveTrial(runId, { rung, number, score }, clock.now());
  }
}

/** A rung draws its rows from about so many times as many, read from all over: reading a million for two thousand would cost more than the trial. */
const READ_AHEAD = 8;
