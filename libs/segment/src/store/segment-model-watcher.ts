import type { ChangeListener, Logger } from '@vitrine/platform';
import type { SegmentModelRepository } from '../application/training-ports';
import { sameFeatures } from '../domain/gate/measure-candidate';
import { createAssigner } from '../domain/segment-assigner';
import type { SegmentAssigner, SegmentModel } from '../domain/types';

export interface SegmentModelWatcherDeps {
  readonly models: Pick<SegmentModelRepository, 'find' | 'findPublishedVersion'>;
  /** Notices cost nothing when lost: the poll finds the change. */
  readonly changes?: Pick<ChangeListener, 'on' | 'onGap'>;
  /** What this process encodes; a model over other features is not used. */
  readonly featureNames: readonly string[];
  readonly logger: Logger;
  readonly pollMs?: number;
}

export interface LiveSegmentModel {
  readonly model: SegmentModel;
  readonly assigner: SegmentAssigner;
}

/** Holds the live model in memory. Never throws: while the database is away the last model stays. */
export class SegmentModelWatcher {
  private live: LiveSegmentModel | null = null;
  /** Version last looked at, usable or not. */
  private seen: number | null = null;
  private away = false;
  private running: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly deps: SegmentModelWatcherDeps) {}

  /** Null while nothing is published, or nothing that this process can use. */
  current(): LiveSegmentModel | null {
    return this.live;
  }

  /** Loads once (waits for it), then follows changes. */
  async start(): Promise<void> {
    const { changes, pollMs = 500 } = this.deps;
    changes?.on((message) => {
      if (message.kind === 'segment-model') void this.refresh();
    });
    changes?.onGap(() => void this.refresh());
    await this.refresh();
    this.timer ??= setInterval(() => void this.refresh(), pollMs).unref();
  }

  /** Waits for a refresh that is under way. */
  async stop(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    await this.running;
  }

  /** One at a time; a call during a refresh joins it. */
  refresh(): Promise<void> {
    this.running ??= this.load().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async load(): Promise<void> {
    const { models, logger } = this.deps;
    try {
      const version = await models.findPublishedVersion();
      if (version !== this.seen) this.take(version === null ? null : await models.find(version), version);
      if (this.away) logger.info({ dependency: 'mongo' }, 'segment models can be read again');
      this.away = false;
    } catch (error) {
      if (!this.away) logger.warn({ dependency: 'mongo', err: error }, 'segment models cannot be read, the last one stays');
      this.away = true;
    }
  }

  /** A version that this process cannot run, of another release, leaves the one before in its place. */
  private take(model: SegmentModel | null, version: number | null): void {
    const { featureNames, logger } = this.deps;
    this.seen = version;
    if (model === null) {
      this.live = null;
      logger.info({ modelVersion: version }, 'no segment model is live');
      return;
    }
    const stays = { modelVersion: version, stays: this.live?.model.version ?? null };
    if (!sameFeatures(model, { featureNames })) {
      logger.warn({ ...stays, code: 'PIPELINE_VERSION_MISMATCH' }, 'the live segment model reads other features and is not taken');
      return;
    }
    try {
      this.live = { model, assigner: createAssigner(model) };
      logger.info({ modelVersion: version }, 'segment model taken');
    } catch (error) {
      logger.warn({ ...stays, err: error }, 'the live segment model cannot be run and is not taken');
    }
  }
}
