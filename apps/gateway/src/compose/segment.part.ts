import type { Clock } from '@vitrine/kernel';
import { newUuid, QUEUE_PREFIX, type ChangeListener, type Logger } from '@vitrine/platform';
import { SEGMENT_FEATURE_NAMES } from '@vitrine/profile';
import {
  ABANDON_TRAINING_AFTER_MS,
  BullTrainingQueue,
  MongoSegmentModelRepository,
  MongoTrainingRunRepository,
  SegmentDirectory,
  SegmentModelWatcher,
  SegmentResolver,
  TRAINING_PARTITIONS,
  TrainingStarter,
  type SegmentAssigner,
} from '@vitrine/segment';
import { FlowProducer } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { Part } from './part';

export interface SegmentPartDeps {
  readonly connection: Connection;
  readonly producer: Redis;
  readonly changes: ChangeListener;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly minRows: number;
}

export interface SegmentPart extends Part {
  readonly segments: { current(): SegmentAssigner | null };
  /** Reads the live model once, successfully or not, and goes on following it. */
  readonly start: () => Promise<void>;
}

/** The live segment model in memory, and the door that trainings are started through. */
export function composeSegment({ connection, producer, changes, clock, logger, minRows }: SegmentPartDeps): SegmentPart {
  const models = new MongoSegmentModelRepository(connection);
  const runs = new MongoTrainingRunRepository(connection);
  const watcher = new SegmentModelWatcher({ models, changes, featureNames: SEGMENT_FEATURE_NAMES, logger });
  const flows = new FlowProducer({ connection: producer, prefix: QUEUE_PREFIX });
  flows.on('error', () => undefined); // starting a training reports its own failure
  const starter = new TrainingStarter({
    runs,
    queue: new BullTrainingQueue(flows),
    clock,
    newId: () => newUuid(clock),
    featureNames: SEGMENT_FEATURE_NAMES,
    partitions: TRAINING_PARTITIONS,
    settings: { minRows },
    abandonAfterMs: ABANDON_TRAINING_AFTER_MS,
  });
  return {
    segments: { current: () => watcher.current()?.assigner ?? null },
    start: () => watcher.start(),
    resolvers: [[SegmentResolver, new SegmentResolver({ directory: new SegmentDirectory(models), runs, starter })]],
    closers: [
      { name: 'segment model watcher', close: () => watcher.stop() },
      { name: 'training queue', close: () => flows.close() },
    ],
  };
}
