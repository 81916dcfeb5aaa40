import { DomainError, type Clock } from '@vitrine/kernel';
import { DEFAULT_TRAINING_SETTINGS, type TrainingRun, type TrainingSettings, type TrainingTrigger } from '../domain/training-run';
import type { TrainingQueue, TrainingRunRepository } from './training-ports';

export interface TrainingStarterDeps {
  readonly runs: TrainingRunRepository;
  readonly queue: TrainingQueue;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly featureNames: readonly string[];
  readonly partitions: number;
  readonly settings?: Partial<TrainingSettings>;
  /** A run that showed no sign of life for this long is given up for the next one. */
  readonly abandonAfterMs: number;
}

export interface StartTraining {
  readonly trigger: TrainingTrigger;
  /** Absent or null: from the settings. */
  readonly minSegments?: number | null;
  readonly maxSegments?: number | null;
  /** Same rows, settings and seed: same model. Absent or null: the model version. */
  readonly seed?: number | null;
}

const MAX_SEGMENTS = 50;

/**
 * Starts a training run. At most one run is active at a time: a second start is refused with STALE_WRITE naming the active run, unless
 * that run has been silent for `abandonAfterMs`; then it is failed and the new one takes its place.
 */
export class TrainingStarter {
  constructor(private readonly deps: TrainingStarterDeps) {}

  /** @throws DomainError BAD_USER_INPUT, STALE_WRITE while another run is active, QUEUE_UNAVAILABLE */
  async start(request: StartTraining): Promise<TrainingRun> {
    const { runs, clock } = this.deps;
    const settings = this.settingsOf(request);
    const active = await runs.findActive();
    if (active !== null && !(await runs.abandon(active.id, clock.now() - this.deps.abandonAfterMs, clock.now()))) throw busy(active.id);
    const run = this.newRun(request, settings, (await runs.lastModelVersion()) + 1);
    if ((await runs.create(run)) === 'busy') throw busy((await runs.findActive())?.id ?? null);
    await this.enqueue(run);
    return run;
  }

  private async enqueue(run: TrainingRun): Promise<void> {
    const { runs, queue, clock } = this.deps;
    try {
      await queue.enqueueTraining(run.id, run.partitions);
    } catch (cause) {
      const failure = { code: 'QUEUE_UNAVAILABLE', message: 'the steps could not be queued' } as const;
      await runs.finish(run.id, { status: 'FAILED', step: run.step, failure }, clock.now());
      throw new DomainError('QUEUE_UNAVAILABLE', failure.message, { cause });
    }
  }

  private settingsOf({ minSegments, maxSegments }: StartTraining): TrainingSettings {
    const base = { ...DEFAULT_TRAINING_SETTINGS, ...this.deps.settings };
    const settings = { ...base, minSegments: minSegments ?? base.minSegments, maxSegments: maxSegments ?? base.maxSegments };
    const whole = Number.isInteger(settings.minSegments) && Number.isInteger(settings.maxSegments);
    if (!whole || settings.minSegments < 2 || settings.maxSegments < settings.minSegments || settings.maxSegments > MAX_SEGMENTS) {
      throw new DomainError('BAD_USER_INPUT', `the number of segments is searched in a range within [2, ${MAX_SEGMENTS}]`, {
        details: { minSegments: settings.minSegments, maxSegments: settings.maxSegments },
      });
    }
    return settings;
  }

  private newRun({ trigger, seed }: StartTraining, settings: TrainingSettings, modelVersion: number): TrainingRun {
    const now = this.deps.clock.now();
    return {
      id: this.deps.newId(),
      trigger,
      status: 'RUNNING',
      step: 'EXTRACT',
      partitions: this.deps.partitions,
      seed: seed ?? modelVersion,
      modelVersion,
      settings,
      featureNames: this.deps.featureNames,
      extracted: {},
      assigned: {},
      failure: null,
      startedAt: now,
      updatedAt: now,
      finishedAt: null,
    };
  }
}

function busy(runId: string | null): DomainError {
  return new DomainError('STALE_WRITE', 'a training run is already active', runId === null ? {} : { details: { runId } });
}
