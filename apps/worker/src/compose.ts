import { CatalogWatcher, compileCatalog, createCelAudienceCompiler, MongoCatalogLoader } from '@vitrine/catalog';
import { createDecisionLogProcessor, MongoDecisionRepository } from '@vitrine/delivery';
import { BullMqFeedbackQueue, type FaultHooks } from '@vitrine/feedback';
import { systemClock, type VisitorHash } from '@vitrine/kernel';
import {
  ChangeListener,
  createAnnouncer,
  createMetrics,
  createPersonalSealer,
  feedbackQueueName,
  QUEUE_PREFIX,
  QUEUES,
  type Config,
  type Logger,
} from '@vitrine/platform';
import { Queue } from 'bullmq';
import { resealPersonalData } from './adapters/reseal-personal-data';
import { composeExpiry } from './compose/expiry';
import { composeFeedback } from './compose/feedback';
import { connectInfrastructure, type Infrastructure } from './compose/infrastructure';
import { composeLearning } from './compose/learning';
import { composeSegments } from './compose/segments';
import { createCleaningMetric, type CleaningMetric } from './cleaning-metric';
import { createHealthServer } from './health-server';
import { createFoldPlacement } from './processors/fold-placement.processor';
import { createMaintenance, type MaintenanceJob } from './processors/maintenance.processor';
import { createProcessFeedback } from './processors/process-feedback.processor';
import { QueueWorkers } from './queue-workers';

export interface WorkerApp {
  /** @returns where health and metrics are served */
  start(): Promise<string>;
  /** Lets running jobs finish, then closes everything. May be called twice. */
  stop(): Promise<void>;
}

const FOLD_CONCURRENCY = 4;
const SWEEP_EVERY_MS = 1_000;
const SWEEP_ERASURES_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;

/** What fault tests change; absent in production. */
export interface WorkerFaults {
  readonly hooks: FaultHooks;
  /** How long a job stays with a worker that went silent, and how often it is looked for such jobs. */
  readonly lockDurationMs: number;
  readonly stalledEveryMs: number;
  /** Called when a segment job begins; what it returns is called when the job is done, before its queue is told. */
  readonly aroundSegmentJob?: (name: string) => (() => void) | void;
}

/** The composition root: builds every object once, by hand. */
export async function composeWorker(config: Config, logger: Logger, faults?: WorkerFaults): Promise<WorkerApp> {
  const infrastructure = await connectInfrastructure(config, logger);
  const announce = createAnnouncer(infrastructure.producer);
  const changes = new ChangeListener(infrastructure.subscriber, logger);
  const audiences = createCelAudienceCompiler();
  const catalog = new CatalogWatcher({
    loader: new MongoCatalogLoader(infrastructure.mongo),
    compile: (configuration) => compileCatalog(configuration, audiences),
    logger,
  });
  changes.on((message) => {
    if (message.kind === 'catalog') catalog.notice(message.revision);
  });
  const parts = composeParts({ config, infrastructure, catalog, announce, logger }, faults);
  const maintenance = new Queue(QUEUES.maintenance, { connection: infrastructure.producer, prefix: QUEUE_PREFIX });
  maintenance.on('error', () => undefined); // the client has said it
  const partitions = new BullMqFeedbackQueue({ redis: infrastructure.producer, partitions: config.FEEDBACK_PARTITIONS });
  const workers = new QueueWorkers({
    connect: () => infrastructure.workerConnection(),
    logger,
    ...(faults === undefined ? {} : { lockDurationMs: faults.lockDurationMs, stalledEveryMs: faults.stalledEveryMs }),
  });
  const metrics = createMetrics('worker');
  const countCleaning = createCleaningMetric(metrics);
  const health = createHealthServer({ metrics, ready: () => workers.running && catalog.ready });

  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await workers.close(config.DRAIN_DEADLINE_MS);
    await health.close();
    await catalog.stop();
    await Promise.allSettled([maintenance.close(), parts.learning.folds.close(), partitions.close(), parts.segments.close()]);
    await infrastructure.close();
    logger.info({}, 'stopped');
  };
  return {
    async start() {
      changes.start();
      await catalog.start();
      await partitions.limitConcurrency();
      addWorkers(workers, { ...parts, config, infrastructure, partitions, countCleaning, logger });
      await scheduleAll(maintenance, config);
      return health.listen(config.WORKER_HOST, config.WORKER_PORT);
    },
    stop: () => (stopping ??= stop()),
  };
}

interface PartsDeps {
  readonly config: Config;
  readonly infrastructure: Infrastructure;
  readonly catalog: CatalogWatcher;
  readonly announce: ReturnType<typeof createAnnouncer>;
  readonly logger: Logger;
}

function composeParts(deps: PartsDeps, faults?: WorkerFaults) {
  const hooks = faults === undefined ? {} : { hooks: faults.hooks };
  const learning = composeLearning({ ...deps, ...hooks });
  return {
    learning,
    feedback: composeFeedback({ ...deps, learning, ...hooks }),
    segments: composeSegments({ ...deps, ...(faults?.aroundSegmentJob && { aroundJob: faults.aroundSegmentJob }) }),
    expire: composeExpiry(deps),
  };
}

async function scheduleAll(maintenance: Queue, config: Config): Promise<void> {
  await schedule(maintenance, 'sweep-folds', SWEEP_EVERY_MS);
  await schedule(maintenance, 'sweep-erasures', SWEEP_ERASURES_EVERY_MS);
  await schedule(maintenance, 'publish-priors', config.PRIORS_INTERVAL_MINUTES * MINUTE_MS);
  await schedule(maintenance, 'reseal-personal', MINUTE_MS);
  await schedule(maintenance, 'expire', 10 * MINUTE_MS);
  const driftMinutes = config.SEGMENT_DRIFT_INTERVAL_MINUTES;
  if (driftMinutes > 0) await schedule(maintenance, 'check-drift', driftMinutes * MINUTE_MS);
  else await maintenance.removeJobScheduler('check-drift');
  await schedule(maintenance, 'train-segments', config.SEGMENT_TRAINING_INTERVAL_MINUTES * MINUTE_MS);
}

/** The first run comes after one interval: BullMQ would run it at once, when there may be nothing to do yet. */
async function schedule(queue: Queue, name: MaintenanceJob, every: number): Promise<void> {
  const opts = { removeOnComplete: { count: 10 }, removeOnFail: { count: 100 } };
  await queue.upsertJobScheduler(name, { every, startDate: Date.now() + every }, { name, opts });
}

interface QueueParts extends ReturnType<typeof composeParts> {
  readonly partitions: BullMqFeedbackQueue;
  readonly config: Config;
  readonly infrastructure: Infrastructure;
  readonly countCleaning: CleaningMetric;
  readonly logger: Logger;
}

/** One line per queue. */
function addWorkers(
  workers: QueueWorkers,
  { config, infrastructure, feedback, learning, segments, expire, partitions, countCleaning, logger }: QueueParts,
): void {
  const { process, erasures } = feedback;
  const { fold, folds, work, priors } = learning;
  const processFeedback = createProcessFeedback({
    process,
    waiting: (partition, limit) => partitions.waiting(partition, limit),
    countCleaning,
    clock: systemClock,
    logger,
  });
  for (let at = 0; at < config.FEEDBACK_PARTITIONS; at++) workers.add(feedbackQueueName(at), processFeedback, 1);
  workers.add(QUEUES.fold, createFoldPlacement({ fold, folds, logger }), FOLD_CONCURRENCY);
  const decisions = new MongoDecisionRepository(infrastructure.mongo, config.DECISION_RETENTION_DAYS);
  const erased = (hashes: readonly VisitorHash[]) => feedback.tombstones.find(null, hashes);
  workers.add(QUEUES.decisionLog, createDecisionLogProcessor({ decisions, erased, logger }), 2);
  const sealer = createPersonalSealer(config.PERSONAL_DATA_KEYS);
  const reseal = () => resealPersonalData(infrastructure.mongo, sealer);
  workers.add(QUEUES.segments, segments.processor, config.TRAINING_THREADS);
  workers.add(
    QUEUES.maintenance,
    createMaintenance({ work, folds, erasures, priors, training: segments.starter, drift: segments.drift, reseal, expire, logger }),
    1,
  );
}
