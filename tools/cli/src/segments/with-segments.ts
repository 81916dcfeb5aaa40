import { systemClock } from '@vitrine/kernel';
import {
  buildVersion,
  connectMongo,
  createAnnouncer,
  createLogger,
  createRedis,
  loadTrainingConfig,
  newUuid,
  QUEUE_PREFIX,
} from '@vitrine/platform';
import { SEGMENT_FEATURE_NAMES } from '@vitrine/profile';
import {
  ABANDON_TRAINING_AFTER_MS,
  AnnouncedTrainingRuns,
  BullTrainingQueue,
  FinishTraining,
  MongoSegmentModelRepository,
  MongoTrainingRowRepository,
  MongoTrainingRunRepository,
  RollbackModel,
  TRAINING_PARTITIONS,
  TrainingStarter,
  trainingSettings,
  type SegmentModelRepository,
  type TrainingRunRepository,
} from '@vitrine/segment';
import { startStack } from '@vitrine/stack';
import { FlowProducer } from 'bullmq';
import type { CliContext } from '../cli-context';

/** What commands about segments work with, over the databases of the context. */
export interface SegmentDesk {
  readonly runs: TrainingRunRepository;
  readonly models: SegmentModelRepository;
  readonly starter: TrainingStarter;
  readonly rollback: RollbackModel;
  readonly finish: FinishTraining;
}

/**
 * Opens the databases for one command: those of the environment, the running ones, or the embedded ones started for as long as it takes.
 *
 * @throws DomainError STACK_BINARY_MISSING, STACK_START_FAILED, DEPENDENCY_UNAVAILABLE
 */
export async function withSegments<T>(context: CliContext, work: (desk: SegmentDesk) => Promise<T>): Promise<T> {
  const { dataDir, env, say } = context;
  const stack = await startStack({ dataDir, log: say, env });
  const logger = createLogger({ name: 'vitrine-segments', level: 'warn', toStderr: true });
  const redis = createRedis(stack.redisUrl, 'cache', logger);
  const producer = createRedis(stack.redisUrl, 'worker', logger);
  const flows = new FlowProducer({ connection: producer, prefix: QUEUE_PREFIX });
  flows.on('error', () => undefined); // starting a training reports its own failure
  try {
    await Promise.all([redis.connect(), producer.connect().catch(() => undefined)]);
    const connection = await connectMongo({ url: stack.mongoUrl, name: 'vitrine-segments', deadlineMs: 10_000, logger });
    try {
      const announce = createAnnouncer(redis);
      const runs = new AnnouncedTrainingRuns({
        runs: new MongoTrainingRunRepository(connection),
        announceRun: (id) => announce({ kind: 'training-run', id, revision: 0 }),
      });
      const models = new MongoSegmentModelRepository(connection);
      const config = loadTrainingConfig(env);
      const starter = new TrainingStarter({
        ...{ runs, models, clock: systemClock, newId: newUuid, queue: new BullTrainingQueue(flows) },
        ...{ featureNames: SEGMENT_FEATURE_NAMES, partitions: TRAINING_PARTITIONS, settings: trainingSettings(config) },
        ...{ codeVersion: buildVersion(config), abandonAfterMs: ABANDON_TRAINING_AFTER_MS },
      });
      const announceModel = (version: number): void => announce({ kind: 'segment-model', id: 'segments', revision: version });
      return await work({
        runs,
        models,
        starter,
        rollback: new RollbackModel({ models, starter, announce: announceModel, logger }),
        finish: new FinishTraining({ runs, models, rows: new MongoTrainingRowRepository(connection, systemClock), clock: systemClock }),
      });
    } finally {
      await connection.close();
    }
  } finally {
    await flows.close().catch(() => undefined);
    redis.disconnect();
    producer.disconnect();
    await stack.stop();
  }
}
