import { rngFromNumber } from '@vitrine/kernel';
import { runMigrations, WORKER_OPTIONS } from '@vitrine/platform';
import { eventually, fakeClock, silentLogger, useMongo, useRedis } from '@vitrine/testing';
import { FlowProducer, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { inlineCompute } from '../application/training-compute';
import { TrainingStarter } from '../application/training-starter';
import type { TrainingRun } from '../domain/training-run';
import { countingIds, FakeMemberships, FakeProfiles, type FakeProfile } from '../testing/in-memory-training.fixture';
import { quickSettings } from '../testing/segment.fixture';
import { syntheticRow } from '../testing/synthetic-rows.fixture';
import { MongoSegmentModelRepository } from './mongo-segment-model.repository';
import { MongoTrainingRowRepository } from './mongo-training-row.repository';
import { MongoTrainingRunRepository } from './mongo-training-run.repository';
import { segmentMigrations } from './segment-migrations';
import { createSegmentProcessor, type SegmentProcessor } from './segment-processors';
import { BullTrainingQueue } from './training-flow';

const NAMES = ['visits', 'purchases', 'recency'];
const PARTITIONS = 4;
const KINDS = [
  [0, 0, 0],
  [10, 0, 0],
  [0, 10, 5],
];

function someProfiles(count: number): readonly FakeProfile[] {
  const rng = rngFromNumber(17);
  return Array.from({ length: count }, (_, at) => ({
    profileId: `profile-${String(at).padStart(5, '0')}`,
    profileVersion: 1,
    features: syntheticRow(at, KINDS, 1, rng),
    consent: ['TRAINING', 'PERSONALIZATION'],
  }));
}

describe('the training flow on BullMQ, Redis and MongoDB', () => {
  const mongo = useMongo();
  const redis = useRedis();
  // Starts now: the server removes training rows a day after their date, by its own clock.
  const clock = fakeClock(Date.now());
  const newId = countingIds('run');
  const closing: (() => Promise<unknown>)[] = [];
  let queues = 0;

  beforeAll(() => runMigrations(mongo.connection(), segmentMigrations));
  beforeEach(() => mongo.clear());
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  function connection(): Redis {
    const client = new Redis(redis.url(), { maxRetriesPerRequest: null });
    closing.push(() => client.quit());
    return client;
  }

  function build(profiles: FakeProfiles) {
    const prefix = redis.prefix().slice(0, -1);
    const queueName = `segments-${++queues}`;
    const flows = new FlowProducer({ connection: connection(), prefix });
    const waiting = new Queue(queueName, { connection: connection(), prefix });
    closing.push(
      () => flows.close(),
      () => waiting.close(),
    );
    const db = mongo.connection();
    const runs = new MongoTrainingRunRepository(db);
    const rows = new MongoTrainingRowRepository(db, clock);
    const models = new MongoSegmentModelRepository(db);
    const memberships = new FakeMemberships();
    const queue = new BullTrainingQueue(flows, queueName);
    const announced: number[] = [];
    const announce = (version: number) => void announced.push(version);
    const processor = createSegmentProcessor({
      runs,
      rows,
      models,
      profiles,
      memberships,
      clock,
      newId,
      queue,
      announce,
      compute: inlineCompute,
      keepModels: 5,
      logger: silentLogger,
    });
    const starter = new TrainingStarter({
      ...{ runs, models, queue, clock, newId, featureNames: NAMES, partitions: PARTITIONS, codeVersion: 'test' },
      ...{ settings: quickSettings(), abandonAfterMs: 60_000 },
    });
    const work = (run: SegmentProcessor = processor) => {
      const worker = new Worker(queueName, run, {
        connection: connection(),
        prefix,
        concurrency: 2,
        ...WORKER_OPTIONS,
        lockDuration: 1_000,
        stalledInterval: 300,
      });
      worker.on('error', () => undefined);
      closing.push(() => worker.close());
      return worker;
    };
    const ended = (id: string): Promise<TrainingRun> =>
      eventually(async () => ((run) => (run.status === 'RUNNING' ? null : run))(await runs.get(id)), {
        what: 'the run to end',
        deadlineMs: 30_000,
      });
    return { runs, rows, models, memberships, queue, announced, processor, starter, waiting, work, ended, profiles };
  }

  it('trains, publishes and reassigns a few thousand profiles, each partition once', async () => {
    const system = build(new FakeProfiles(someProfiles(3_000)));
    const run = await system.starter.start({ trigger: 'MANUAL' });
    await system.queue.enqueueTraining(run.id, PARTITIONS); // a repeated enqueue adds nothing
    system.work();
    expect(await system.ended(run.id)).toMatchObject({ status: 'PUBLISHED', step: 'DONE' });
    expect((await system.models.findPublished())?.segments).toHaveLength(3);
    expect(system.memberships.byProfile.size).toBe(3_000);
    expect(system.profiles.reads).toBe(2 * PARTITIONS);
    expect(system.announced).toEqual([1]);
    expect(await mongo.connection().collection('training_rows').countDocuments()).toBe(0);
  });

  it('gives the same model when the worker is lost in the middle of the fit', async () => {
    const clean = build(new FakeProfiles(someProfiles(2_000)));
    const first = await clean.starter.start({ trigger: 'MANUAL', seed: 3 });
    clean.work();
    await clean.ended(first.id);
    const expected = await clean.models.findPublished();
    await mongo.clear();

    const system = build(new FakeProfiles(someProfiles(2_000)));
    const run = await system.starter.start({ trigger: 'MANUAL', seed: 3 });
    let reached = false;
    const lost = system.work(async (job) => {
      if (job.name !== 'fit-model') return system.processor(job);
      reached = true;
      return new Promise<void>(() => undefined); // never comes back, as after kill -9
    });
    await eventually(() => reached, { what: 'the fit to begin' });
    await lost.close(true);
    system.work();
    expect((await system.ended(run.id)).status).toBe('PUBLISHED');
    expect(await system.models.findPublished()).toEqual(expected);
  });

  it('tries again what failed for a passing reason', async () => {
    const profiles = new FakeProfiles(someProfiles(1_000));
    const system = build(profiles);
    profiles.dieAfter = 10;
    const run = await system.starter.start({ trigger: 'MANUAL' });
    system.work();
    await eventually(() => profiles.reads >= PARTITIONS, { what: 'the first attempts' });
    profiles.dieAfter = null;
    expect((await system.ended(run.id)).status).toBe('PUBLISHED');
  });

  it('fails the run at once, with its code, when there are too few rows', async () => {
    const system = build(new FakeProfiles(someProfiles(50)));
    const run = await system.starter.start({ trigger: 'MANUAL' });
    system.work();
    expect(await system.ended(run.id)).toMatchObject({ status: 'FAILED', step: 'EXTRACT', failure: { code: 'TOO_FEW_ROWS' } });
    await eventually(async () => (await system.waiting.getJobCounts('failed'))['failed'] === 1, {
      what: 'the plan to fail',
    });
    expect(await system.models.list(10, null)).toEqual([]);
    expect(await mongo.connection().collection('training_rows').countDocuments()).toBe(0);
  });

  it('gives up on malformed and unknown jobs without a retry', async () => {
    const { processor } = build(new FakeProfiles([]));
    const job = { id: '1', attemptsMade: 0, opts: { attempts: 10 } };
    await expect(processor({ ...job, name: 'extract-rows', data: { runId: 'r', partition: -1 } })).rejects.toMatchObject({
      name: 'UnrecoverableError',
    });
    await expect(processor({ ...job, name: 'fit-model', data: null })).rejects.toMatchObject({ name: 'UnrecoverableError' });
    await expect(processor({ ...job, name: 'make-coffee', data: {} })).rejects.toMatchObject({ name: 'UnrecoverableError' });
  });
});
