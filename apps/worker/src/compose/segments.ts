import { systemClock } from '@vitrine/kernel';
import { buildVersion, newUuid, QUEUE_PREFIX, type ChangeMessage, type Config, type Logger } from '@vitrine/platform';
import { MongoLearnedEvents, MongoProfileScan, SEGMENT_FEATURE_NAMES } from '@vitrine/profile';
import {
  ABANDON_TRAINING_AFTER_MS,
  AnnouncedTrainingRuns,
  BullTrainingQueue,
  CheckDrift,
  createSegmentProcessor,
  MongoDriftRepository,
  MongoSegmentModelRepository,
  MongoTrainingRowRepository,
  MongoTrainingRunRepository,
  ScannedProfiles,
  TRAINING_PARTITIONS,
  TrainingStarter,
  trainingSettings,
  type SegmentProcessor,
} from '@vitrine/segment';
import { FlowProducer } from 'bullmq';
import { ThreadedCompute } from '../threads/threaded-compute';
import type { Infrastructure } from './infrastructure';

export interface SegmentPartDeps {
  readonly config: Config;
  readonly infrastructure: Infrastructure;
  readonly announce: (message: ChangeMessage) => void;
  readonly logger: Logger;
  /** For fault tests: called when a job begins; what it returns is called when the job is done. */
  readonly aroundJob?: (name: string) => (() => void) | void;
}

/** The training of segment models: what starts it and what runs its steps. */
export function composeSegments({ config, infrastructure, announce, logger, aroundJob }: SegmentPartDeps) {
  const connection = infrastructure.mongo;
  const clock = systemClock;
  const runs = new AnnouncedTrainingRuns({
    runs: new MongoTrainingRunRepository(connection),
    announceRun: (id) => announce({ kind: 'training-run', id, revision: 0 }),
  });
  const models = new MongoSegmentModelRepository(connection);
  const flows = new FlowProducer({ connection: infrastructure.producer, prefix: QUEUE_PREFIX });
  flows.on('error', (error) => logger.warn({ err: error }, 'the training queue cannot be reached'));
  const queue = new BullTrainingQueue(flows);
  const profiles = new ScannedProfiles({
    scan: new MongoProfileScan({ connection, clock }),
    events: new MongoLearnedEvents(connection),
    consentDefault: config.CONSENT_DEFAULT,
  });
  const compute = createCompute(config, logger);
  const process = createSegmentProcessor({
    runs,
    rows: new MongoTrainingRowRepository(connection, clock),
    models,
    profiles,
    memberships: profiles,
    compute,
    queue,
    clock,
    newId: newUuid,
    announce: (modelVersion) => announce({ kind: 'segment-model', id: 'segments', revision: modelVersion }),
    keepModels: config.SEGMENT_MODELS_KEPT,
    logger,
  });
  const starter = new TrainingStarter({
    runs,
    models,
    queue,
    clock,
    newId: newUuid,
    featureNames: SEGMENT_FEATURE_NAMES,
    partitions: TRAINING_PARTITIONS,
    settings: trainingSettings(config),
    codeVersion: buildVersion(config),
    abandonAfterMs: ABANDON_TRAINING_AFTER_MS,
  });
  const minRows = config.SEGMENT_MIN_ROWS;
  const drift = new CheckDrift({ models, profiles, checks: new MongoDriftRepository(connection), starter, runs, clock, minRows });
  const processor = watched(process, aroundJob);
  return { processor, starter, drift, close: () => Promise.allSettled([flows.close(), compute.close()]) };
}

function watched(process: SegmentProcessor, aroundJob: SegmentPartDeps['aroundJob']): SegmentProcessor {
  return async (job) => {
    const done = aroundJob?.(job.name);
    await process(job);
    done?.();
  };
}

const createCompute = ({ TRAINING_THREADS: threads }: Config, logger: Logger): ThreadedCompute =>
  new ThreadedCompute({ threads, onError: (error) => logger.error({ err: error }, 'a training thread died') });
