import type { AssignedPartition, ExtractedPartition, TrainingRun, TrainingStep } from '../domain/training-run';
import type { TrainingRunRepository } from './training-ports';

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

  findByModelVersion(version: number): Promise<TrainingRun | null> {
    return this.deps.runs.findByModelVersion(version);
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
