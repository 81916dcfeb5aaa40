import type { Clock } from '@vitrine/kernel';
import { buildVersion, newUuid, QUEUE_PREFIX, type ChangeListener, type ChangeMessage, type Config, type Logger } from '@vitrine/platform';
import { SEGMENT_FEATURE_NAMES } from '@vitrine/profile';
import {
  ABANDON_TRAINING_AFTER_MS,
  AnnouncedTrainingRuns,
  BullTrainingQueue,
  FinishTraining,
  MongoDriftRepository,
  MongoSegmentModelRepository,
  MongoTrainingRowRepository,
  MongoTrainingRunRepository,
  RollbackModel,
  SegmentDirectory,
  SegmentModelWatcher,
  SegmentOperationsResolver,
  SegmentResolver,
  TRAINING_PARTITIONS,
  TRAINING_RUN_TOPIC,
  TrainingStarter,
  trainingSettings,
  WatchTrainingRun,
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
  readonly announce: (message: ChangeMessage) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly config: Config;
}

export interface SegmentPart extends Part {
  readonly segments: { current(): SegmentAssigner | null };
  /** Reads the live model once, successfully or not, and goes on following it. */
  readonly start: () => Promise<void>;
}

/** A lost notice of a training that somebody watches costs this much. */
const WATCH_POLL_MS = 500;

/** The live segment model in memory, what follows trainings, and the door that trainings are started through. */
export function composeSegment(deps: SegmentPartDeps): SegmentPart {
  const { connection, producer, changes, announce, clock, logger, config } = deps;
  const models = new MongoSegmentModelRepository(connection);
  const runs = new AnnouncedTrainingRuns({
    runs: new MongoTrainingRunRepository(connection),
    announceRun: (id) => announce({ kind: 'training-run', id, revision: 0 }),
  });
  const trainings = watchTrainings(runs, changes);
  const watcher = new SegmentModelWatcher({ models, changes, featureNames: SEGMENT_FEATURE_NAMES, logger });
  const flows = new FlowProducer({ connection: producer, prefix: QUEUE_PREFIX });
  flows.on('error', () => undefined); // starting a training reports its own failure
  const starter = new TrainingStarter({
    runs,
    models,
    queue: new BullTrainingQueue(flows),
    clock,
    newId: () => newUuid(clock),
    featureNames: SEGMENT_FEATURE_NAMES,
    partitions: TRAINING_PARTITIONS,
    settings: trainingSettings(config),
    codeVersion: buildVersion(config),
    abandonAfterMs: ABANDON_TRAINING_AFTER_MS,
  });
  const rollback = new RollbackModel({
    models,
    starter,
    announce: (version) => announce({ kind: 'segment-model', id: 'segments', revision: version }),
    logger,
  });
  const finish = new FinishTraining({ runs, rows: new MongoTrainingRowRepository(connection, clock), models, clock });
  const drift = new MongoDriftRepository(connection);
  return {
    segments: { current: () => watcher.current()?.assigner ?? null },
    start: () => watcher.start(),
    topics: [[TRAINING_RUN_TOPIC, (runId) => trainings.watch(String(runId))]],
    resolvers: [
      [SegmentResolver, new SegmentResolver({ directory: new SegmentDirectory(models), runs, starter })],
      [SegmentOperationsResolver, new SegmentOperationsResolver({ runs, rollback, finish, drift })],
    ],
    closers: [
      { name: 'segment model watcher', close: () => watcher.stop() },
      { name: 'training run watcher', close: async () => trainings.stop() },
      { name: 'training queue', close: () => flows.close() },
    ],
  };
}

function watchTrainings(runs: AnnouncedTrainingRuns, changes: ChangeListener): WatchTrainingRun {
  const trainings = new WatchTrainingRun({
    runs,
    poll: (look) => {
      const timer = setInterval(look, WATCH_POLL_MS).unref();
      return () => clearInterval(timer);
    },
  });
  changes.on(({ kind, id }) => {
    if (kind === 'training-run') trainings.notice(id);
  });
  return trainings;
}
