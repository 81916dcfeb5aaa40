import { systemClock } from '@vitrine/kernel';
import { newUuid, QUEUE_PREFIX, type ChangeMessage, type Config, type Logger } from '@vitrine/platform';
import { MongoProfileScan, SEGMENT_FEATURE_NAMES } from '@vitrine/profile';
import {
  ABANDON_TRAINING_AFTER_MS,
  AnnouncedTrainingRuns,
  BullTrainingQueue,
  createSegmentProcessor,
  MongoSegmentModelRepository,
  MongoTrainingRowRepository,
  MongoTrainingRunRepository,
  ScannedProfiles,
  TRAINING_PARTITIONS,
  TrainingStarter,
} from '@vitrine/segment';
import { FlowProducer } from 'bullmq';
import type { Infrastructure } from './infrastructure';

export interface SegmentPartDeps {
  readonly config: Config;
  readonly infrastructure: Infrastructure;
  readonly announce: (message: ChangeMessage) => void;
  readonly logger: Logger;
}

/** The training of segment models: what starts it and what runs its steps. */
export function composeSegments({ config, infrastructure, announce, logger }: SegmentPartDeps) {
  const connection = infrastructure.mongo;
  const clock = systemClock;
  const runs = new AnnouncedTrainingRuns({
    runs: new MongoTrainingRunRepository(connection),
    announceRun: (id) => announce({ kind: 'training-run', id, revision: 0 }),
  });
  const flows = new FlowProducer({ connection: infrastructure.producer, prefix: QUEUE_PREFIX });
  flows.on('error', (error) => logger.warn({ err: error }, 'the training queue cannot be reached'));
  const queue = new BullTrainingQueue(flows);
  const profiles = new ScannedProfiles({ scan: new MongoProfileScan({ connection, clock }), consentDefault: config.CONSENT_DEFAULT });
  const processor = createSegmentProcessor({
    runs,
    rows: new MongoTrainingRowRepository(connection, clock),
    models: new MongoSegmentModelRepository(connection),
    profiles,
    memberships: profiles,
    queue,
    clock,
    newId: newUuid,
    announce: (modelVersion) => announce({ kind: 'segment-model', id: 'segments', revision: modelVersion }),
    logger,
  });
  const starter = new TrainingStarter({
    runs,
    queue,
    clock,
    newId: newUuid,
    featureNames: SEGMENT_FEATURE_NAMES,
    partitions: TRAINING_PARTITIONS,
    settings: { minRows: config.SEGMENT_MIN_ROWS },
    abandonAfterMs: ABANDON_TRAINING_AFTER_MS,
  });
  return { processor, starter, close: () => flows.close() };
}
