import type { AssignedPartition, ExtractedPartition, RunMetric, TrainingRun, TrainingStep } from '../domain/training-run';
import type { SearchPlan, TrainingRunRepository } from './training-ports';

export interface AnnouncedTrainingRunsDeps {
  readonly runs: TrainingRunRepository;
  /** Tells whoever watches the run to look again; must neither throw nor be waited for. */
  readonly announceRun: (runId: string) => void;
}

/**
 * Runs whose writes are announced once they are stored, whichever step makes them. A write that failed is not announced; one that changed
 * nothing may be, and costs its watchers one look. A sign of life is not: nothing that anybody is shown has changed.
 */
export class AnnouncedTrainingRuns implements TrainingRunRepository {
  constructor(private readonly deps: AnnouncedTrainingRunsDeps) {}

  get(runId: string): Promise<TrainingRun> {
    return this.deps.runs.get(runId);
  }

  findActive(): Promise<TrainingRun | null> {
    return this.deps.runs.findActive();
  }

  list(limit: number, before: string | null): Promise<readonly TrainingRun[]> {
    return this.deps.runs.list(limit, before);
  }

  count(): Promise<number> {
    return this.deps.runs.count();
  }

  prune(keep: number): Promise<number> {
    return this.deps.runs.prune(keep);
  }

  lastModelVersion(): Promise<number> {
    return this.deps.runs.lastModelVersion();
  }

  touch(runId: string, nowMs: number): Promise<void> {
    return this.deps.runs.touch(runId, nowMs);
  }

  create(run: TrainingRun): Promise<'created' | 'busy'> {
    return this.announcing(run.id, this.deps.runs.create(run));
  }

  commitExtraction(runId: string, partition: number, extracted: ExtractedPartition, nowMs: number): Promise<void> {
    return this.announcing(runId, this.deps.runs.commitExtraction(runId, partition, extracted, nowMs));
  }

  savePlan(runId: string, plan: SearchPlan, nowMs: number): Promise<void> {
    return this.announcing(runId, this.deps.runs.savePlan(runId, plan, nowMs));
  }

  saveTrial(runId: string, trial: Parameters<TrainingRunRepository['saveTrial']>[1], nowMs: number): Promise<void> {
    return this.announcing(runId, this.deps.runs.saveTrial(runId, trial, nowMs));
  }

  saveChoice(runId: string, chosen: number, nowMs: number): Promise<void> {
    return this.announcing(runId, this.deps.runs.saveChoice(runId, chosen, nowMs));
  }

  saveLog(runId: string, step: TrainingStep, log: readonly RunMetric[], nowMs: number): Promise<void> {
    return this.announcing(runId, this.deps.runs.saveLog(runId, step, log, nowMs));
  }

  saveAssignment(runId: string, partition: number, assigned: AssignedPartition, nowMs: number): Promise<void> {
    return this.announcing(runId, this.deps.runs.saveAssignment(runId, partition, assigned, nowMs));
  }

  moveTo(runId: string, step: TrainingStep, nowMs: number): Promise<void> {
    return this.announcing(runId, this.deps.runs.moveTo(runId, step, nowMs));
  }

  finish(runId: string, end: Parameters<TrainingRunRepository['finish']>[1], nowMs: number): Promise<void> {
    return this.announcing(runId, this.deps.runs.finish(runId, end, nowMs));
  }

  abandon(runId: string, quietSince: number, nowMs: number): Promise<boolean> {
    return this.announcing(runId, this.deps.runs.abandon(runId, quietSince, nowMs));
  }

  private async announcing<T>(runId: string, written: Promise<T>): Promise<T> {
    const outcome = await written;
    this.deps.announceRun(runId);
    return outcome;
  }
}
