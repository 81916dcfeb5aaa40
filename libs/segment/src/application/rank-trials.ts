import type { Clock } from '@vitrine/kernel';
import { rungSizes } from '../domain/search/search-settings';
import { bestOf, type TrialScore } from '../domain/search/trial-score';
import type { RunMetric, TrainingRun } from '../domain/training-run';
import type { TrainingQueue, TrainingRunRepository } from './training-ports';

export interface RankTrialsDeps {
  readonly runs: TrainingRunRepository;
  readonly queue: TrainingQueue;
  readonly clock: Clock;
}

/**
 * Behind all trials of a rung: the best go on to the next, where they see more rows; the best of the last is fitted. What comes next
 * follows from the stored scores alone, so ranking again queues the same.
 *
 * @see Jamieson & Talwalkar, Non-stochastic Best Arm Identification and Hyperparameter Optimization, AISTATS 2016 (successive halving)
 */
export class RankTrials {
  constructor(private readonly deps: RankTrialsDeps) {}

  async execute(runId: string, rung: number): Promise<void> {
    const { runs, queue, clock } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING') return;
    const scores = run.trials[rung] ?? {};
    const next = rungSizes({ ...run.settings.search, configurations: run.configurations.length })[rung + 1];
    if (next !== undefined) {
      await queue.enqueueRung(runId, rung + 1, bestOf(scores, next));
      return;
    }
    const [chosen = 0] = bestOf(scores, 1);
    await runs.saveChoice(runId, chosen, clock.now());
    await runs.saveLog(runId, 'SEARCH', logOf(run), clock.now());
    await queue.enqueueFit(runId);
  }
}

/** One curve per figure and rung, over the configurations. */
function logOf({ trials }: TrainingRun): readonly RunMetric[] {
  const figures = ['silhouette', 'stability', 'responseGain', 'bic'] as const satisfies readonly (keyof TrialScore)[];
  return Object.entries(trials).flatMap(([rung, scores]) =>
    Object.entries(scores).flatMap(([number, score]) =>
      figures.flatMap((figure) => {
        const value = score[figure];
        return value === null ? [] : [{ name: `rung${rung}.${figure}`, index: Number(number), value }];
      }),
    ),
  );
}
