import { DomainError, type Clock } from '@vitrine/kernel';
import { DEFAULT_TRAINING_SETTINGS, type TrainingRun, type TrainingSettings, type TrainingTrigger } from '../domain/training-run';
import type { SegmentModelRepository, TrainingQueue, TrainingRunRepository } from './training-ports';

export interface TrainingStarterDeps {
  readonly runs: TrainingRunRepository;
  readonly queue: TrainingQueue;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly featureNames: readonly string[];
  readonly partitions: number;
  readonly settings?: Partial<TrainingSettings>;
  readonly models: Pick<SegmentModelRepository, 'findPublishedVersion'>;
  /** Which build of the code this is. */
  readonly codeVersion: string;
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
    const { runs, models } = this.deps;
    const settings = this.settingsOf(request);
    await this.makeWay();
    const modelVersion = (await runs.lastModelVersion()) + 1;
    const { trigger, seed } = request;
    const lineage = { kind: 'TRAIN', trigger, modelVersion, parentVersion: await models.findPublishedVersion() } as const;
    const run = this.newRun({ ...lineage, settings, seed: seed ?? modelVersion });
    await this.create(run);
    await this.enqueue(run, (queue) => queue.enqueueTraining(run.id, run.partitions));
    return run;
  }

  /**
   * Gives everybody their segment in a version that is live already. A run that is giving them those of another version, live no more,
   * is cancelled.
   *
   * @throws DomainError STALE_WRITE while another run is active, QUEUE_UNAVAILABLE
   */
  async reassign(modelVersion: number): Promise<TrainingRun> {
    await this.endAssignment();
    await this.makeWay();
    const settings = this.settingsOf({ trigger: 'ROLLBACK' });
    const lineage = { kind: 'REASSIGN', trigger: 'ROLLBACK', modelVersion, parentVersion: modelVersion } as const;
    const run: TrainingRun = { ...this.newRun({ ...lineage, settings, seed: modelVersion }), step: 'ASSIGN' };
    await this.create(run);
    await this.enqueue(run, (queue) => queue.enqueueAssignment(run.id, run.partitions));
    return run;
  }

  private async endAssignment(): Promise<void> {
    const { runs, clock } = this.deps;
    const active = await runs.findActive();
    if (active?.step !== 'ASSIGN') return;
    const failure = { code: 'TRAINING_CANCELLED', message: 'its version was gone back from' } as const;
    await runs.finish(active.id, { status: 'CANCELLED', step: 'ASSIGN', failure }, clock.now());
  }

  /** Ends a run that was silent for too long, so that nobody watches it for ever: its queue was lost. @returns its id, if there was one */
  async giveUpSilent(): Promise<string | null> {
    const { runs, clock, abandonAfterMs } = this.deps;
    const active = await runs.findActive();
    if (active === null) return null;
    return (await runs.abandon(active.id, clock.now() - abandonAfterMs, clock.now())) ? active.id : null;
  }

  /** A run that was silent for too long is given up. */
  private async makeWay(): Promise<void> {
    await this.giveUpSilent();
    const active = await this.deps.runs.findActive();
    if (active !== null) throw busy(active.id);
  }

  private async create(run: TrainingRun): Promise<void> {
    const { runs } = this.deps;
    if ((await runs.create(run)) === 'busy') throw busy((await runs.findActive())?.id ?? null);
  }

  private async enqueue(run: TrainingRun, add: (queue: TrainingQueue) => Promise<void>): Promise<void> {
    const { runs, queue, clock } = this.deps;
    try {
      await add(queue);
    } catch (cause) {
      const failure = { code: 'QUEUE_UNAVAILABLE', message: 'the steps could not be queued' } as const;
      await runs.finish(run.id, { status: 'FAILED', step: run.step, failure }, clock.now());
      throw new DomainError('QUEUE_UNAVAILABLE', failure.message, { cause });
    }
  }

  private settingsOf({ minSegments, maxSegments }: StartTraining): TrainingSettings {
    const base = { ...DEFAULT_TRAINING_SETTINGS, ...this.deps.settings };
    const least = minSegments ?? base.search.minSegments;
    const most = maxSegments ?? Math.max(base.search.maxSegments, minSegments ?? 0);
    if (![least, most].every(Number.isInteger) || least < 2 || most < least || most > MAX_SEGMENTS) {
      throw new DomainError('BAD_USER_INPUT', `the number of segments is searched in a range within [2, ${MAX_SEGMENTS}]`, {
        details: { minSegments: least, maxSegments: most },
      });
    }
    const configurations = Math.max(base.search.configurations, most - least + 1);
    return { ...base, search: { ...base.search, minSegments: least, maxSegments: most, configurations } };
  }

  private newRun(lineage: Pick<TrainingRun, 'kind' | 'trigger' | 'modelVersion' | 'parentVersion' | 'settings' | 'seed'>): TrainingRun {
    const now = this.deps.clock.now();
    const { newId, partitions, codeVersion, featureNames } = this.deps;
    return {
      ...{ id: newId(), status: 'RUNNING', step: 'EXTRACT', partitions, codeVersion, featureNames },
      ...lineage,
      ...{ configurations: [], trials: {}, chosen: null, fingerprint: null, log: {} },
      ...{ extracted: {}, assigned: {}, failure: null },
      ...{ startedAt: now, updatedAt: now, finishedAt: null },
    };
  }
}

function busy(runId: string | null): DomainError {
  return new DomainError('STALE_WRITE', 'a training run is already active', runId === null ? {} : { details: { runId } });
}
