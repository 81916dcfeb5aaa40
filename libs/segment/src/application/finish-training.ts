import type { Clock, ErrorCode } from '@vitrine/kernel';
import { SMALLEST_SEGMENT } from '@vitrine/profile';
import type { RunMetric } from '../domain/training-run';
import type { SegmentModelRepository, TrainingRowRepository, TrainingRunRepository } from './training-ports';

export interface FinishTrainingDeps {
  readonly runs: TrainingRunRepository;
  readonly rows: Pick<TrainingRowRepository, 'deleteRun'>;
  readonly models: SegmentModelRepository;
  readonly clock: Clock;
}

/** Runs that are kept for comparison. */
const KEPT_RUNS = 200;

/** Ends runs: well, when every partition is assigned, or badly; either way their rows go. */
export class FinishTraining {
  constructor(private readonly deps: FinishTrainingDeps) {}

  async succeed(runId: string): Promise<void> {
    const { runs, rows, models, clock } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING') return;
    const sizes = new Map<string, number>();
    for (const { counts } of Object.values(run.assigned)) {
      for (const [segment, count] of Object.entries(counts)) sizes.set(segment, (sizes.get(segment) ?? 0) + count);
    }
    await models.saveSizes(run.modelVersion, Object.fromEntries(sizes));
    await rows.deleteRun(runId);
    await runs.saveLog(runId, 'ASSIGN', sizesLog(sizes), clock.now());
    await runs.finish(runId, { status: 'PUBLISHED', step: 'DONE', failure: null }, clock.now());
    await runs.prune(KEPT_RUNS);
  }

  /** Stops a run on somebody's wish: steps that are under way stop soon and leave nothing. @returns false when it had ended before */
  async cancel(runId: string): Promise<boolean> {
    const { runs, rows, clock } = this.deps;
    const { status, step } = await runs.get(runId);
    if (status !== 'RUNNING') return false;
    const failure = { code: 'TRAINING_CANCELLED', message: 'the run was cancelled' } as const;
    await runs.finish(runId, { status: 'CANCELLED', step, failure }, clock.now());
    await rows.deleteRun(runId);
    return (await runs.get(runId)).status === 'CANCELLED';
  }

  async fail(runId: string, failure: { readonly code: ErrorCode; readonly message: string }): Promise<void> {
    const { runs, rows, clock } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING') return;
    await rows.deleteRun(runId);
    await runs.finish(runId, { status: 'FAILED', step: run.step, failure }, clock.now());
  }
}

/** Groups so small that their number would tell of single people count as nobody. */
function sizesLog(sizes: ReadonlyMap<string, number>): readonly RunMetric[] {
  return [...sizes].map(([id, size]) => ({ name: `size.${id}`, index: 0, value: size < SMALLEST_SEGMENT ? 0 : size }));
}
