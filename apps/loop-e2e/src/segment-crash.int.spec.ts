import { QUEUE_PREFIX } from '@vitrine/platform';
import { SEGMENT_FEATURE_NAMES } from '@vitrine/profile';
import {
  BullTrainingQueue,
  DEFAULT_TRAINING_SETTINGS,
  MongoSegmentModelRepository,
  MongoTrainingRunRepository,
  SEGMENT_JOBS,
  TRAINING_PARTITIONS,
  TrainingStarter,
  type TrainingRun,
} from '@vitrine/segment';
import { eventually, fakeClock } from '@vitrine/testing';
import { FlowProducer } from 'bullmq';
import { Redis } from 'ioredis';
import { storeCrowd } from './harness/crowd';
import { useLoop } from './harness/use-loop';

const PEOPLE = 700;
/** Features fade with time and know the hour: the crowd, and the training, are always of the same moment. */
const NOW = Date.UTC(2026, 9, 1, 12);
const TRAINING_MS = 120_000;

describe('a worker that is killed in the middle of a training', () => {
  const loop = useLoop(8);
  const connection = () => loop.mongo.connection();
  const runs = () => new MongoTrainingRunRepository(connection());
  const models = () => new MongoSegmentModelRepository(connection());
  let flows: FlowProducer;
  let redis: Redis;

  beforeAll(async () => {
    redis = new Redis(loop.redisUrl(), { maxRetriesPerRequest: null });
    flows = new FlowProducer({ connection: redis, prefix: QUEUE_PREFIX });
    await storeCrowd(connection(), PEOPLE, NOW);
  }, 60_000);
  afterAll(async () => {
    await flows.close();
    await redis.quit();
  });

  /** Always at the same moment by the run's own clock: features fade with time, and equal models need equal rows. */
  function begin(): Promise<TrainingRun> {
    const { search } = DEFAULT_TRAINING_SETTINGS;
    let ids = 0;
    const starter = new TrainingStarter({
      runs: runs(),
      models: models(),
      queue: new BullTrainingQueue(flows),
      clock: fakeClock(NOW),
      newId: () => `run-${Date.now()}-${ids++}`,
      featureNames: SEGMENT_FEATURE_NAMES,
      partitions: TRAINING_PARTITIONS,
      settings: { search: { ...search, configurations: 9, resamples: 3 } },
      codeVersion: 'test',
      abandonAfterMs: TRAINING_MS,
    });
    return starter.start({ trigger: 'MANUAL', seed: 11, maxSegments: 5 });
  }
  const ended = (runId: string) =>
    eventually(async () => ((run) => (run.status === 'RUNNING' ? null : run))(await runs().get(runId)), {
      what: 'the training to end',
      deadlineMs: TRAINING_MS,
    });
  async function modelOf(run: TrainingRun) {
    const model = await models().find(run.modelVersion);
    if (model === null) throw new TypeError('the run made no model');
    const { createdAt: _, ...lasting } = model;
    return { ...lasting, bytes: JSON.stringify(lasting) };
  }
  async function forget(): Promise<void> {
    for (const name of ['segment_models', 'training_runs', 'training_rows']) await connection().collection(name).deleteMany({});
  }

  it(
    'is taken over at every step, and the model is the same, bit for bit',
    async () => {
      const undisturbed = await loop.processes().start('worker');
      const clean = await ended((await begin()).id);
      const expected = await modelOf(clean);
      expect(clean).toMatchObject({ status: 'PUBLISHED', failure: null });
      expect(expected.segments.length).toBeGreaterThan(1);
      expect(expected.response).not.toBeNull();
      await undisturbed.stop();
      await forget();

      const run = await begin();
      for (const job of SEGMENT_JOBS) {
        for (const moment of ['during', 'after']) {
          const doomed = await loop.processes().start('fault-worker', { args: [moment, job], detached: true });
          expect(await doomed.ended).toBe('SIGKILL');
        }
      }
      await loop.processes().start('worker');
      const survived = await ended(run.id);
      expect(survived).toMatchObject({ status: 'PUBLISHED', failure: null, fingerprint: clean.fingerprint, chosen: clean.chosen });
      expect(await modelOf(survived)).toEqual(expected);
      expect(await connection().collection('training_rows').countDocuments()).toBe(0);
      const assigned = { 'segment.modelVersion': run.modelVersion };
      expect(await connection().collection('profiles').countDocuments(assigned)).toBe(PEOPLE);
    },
    5 * TRAINING_MS,
  );
});
