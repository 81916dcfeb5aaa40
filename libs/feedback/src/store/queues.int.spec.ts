import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { placementId } from '@vitrine/kernel';
import { createRedis, feedbackQueueName, QUEUES } from '@vitrine/platform';
import { eventually, silentLogger, useRedis } from '@vitrine/testing';
import { parseFeedbackChunk } from '../schema/feedback-chunk.schema';
import { BullMqFeedbackQueue } from './bullmq-feedback.queue';
import { BullMqFoldRequester } from './bullmq-fold.requester';
import { aChunk, anEvent } from './feedback.fixture';
import { RedisDuplicateMemory } from './redis-duplicate.memory';

describe('the queues', () => {
  const redis = useRedis();
  const prefix = () => `${redis.prefix()}q`;
  const closers: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  function producer(): Redis {
    const client = createRedis(redis.url(), 'producer', silentLogger);
    void client.connect().catch(() => undefined);
    closers.push(async () => client.disconnect());
    return client;
  }

  it('carry a chunk to the worker as it was, one job at a time per partition', async () => {
    const queue = new BullMqFeedbackQueue({ redis: producer(), partitions: 2, prefix: prefix() });
    closers.push(() => queue.close());
    await queue.limitConcurrency();
    const chunk = aChunk([anEvent('PAGE_VIEW', null, null)], { partition: 1 });
    await queue.add(1, chunk);
    await queue.add(1, chunk);
    let [running, most] = [0, 0];
    const seen: unknown[] = [];
    const connection = new Redis(redis.url(), { maxRetriesPerRequest: null });
    const work = async (data: unknown): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(data);
      running--;
    };
    const worker = new Worker(feedbackQueueName(1), (job) => work(job.data), { connection, prefix: prefix(), concurrency: 8 });
    closers.push(
      async () => connection.disconnect(),
      () => worker.close(true),
    );
    await eventually(() => seen.length === 2, { what: 'both jobs' });
    expect(most).toBe(1);
    expect(seen.map((data) => parseFeedbackChunk(data))).toEqual([
      { ok: true, value: chunk },
      { ok: true, value: chunk },
    ]);
  });

  it('say so, soon, when Redis is away', async () => {
    const away = new Redis('redis://127.0.0.1:1', {
      enableOfflineQueue: false,
      commandTimeout: 100,
      lazyConnect: true,
      retryStrategy: () => 50,
    });
    away.on('error', () => undefined);
    void away.connect().catch(() => undefined);
    closers.push(async () => away.disconnect());
    const queue = new BullMqFeedbackQueue({ redis: away, partitions: 1, prefix: prefix(), deadlineMs: 300 });
    closers.push(() => queue.close());
    const start = performance.now();
    await expect(queue.add(0, aChunk([]))).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('hold at most one waiting fold per placement', async () => {
    const requester = new BullMqFoldRequester({ redis: producer(), prefix: prefix(), delayMs: 60_000 });
    closers.push(() => requester.close());
    const [home, search] = [placementId('home'), placementId('12')];
    await eventually(async () => (await requester.request([home, search, home]), true), { what: 'a connection' });
    await requester.request([home]);
    const queue = new Queue(QUEUES.fold, { connection: producer(), prefix: prefix() });
    closers.push(() => queue.close());
    const jobs = await eventually(async () => (await queue.getJobs(['delayed'])) ?? null, { what: 'the jobs' });
    expect(jobs.map((job) => job.data.placementId).toSorted()).toEqual(['12', 'home']);
  });

  it('remember what was taken, for a while', async () => {
    const memory = new RedisDuplicateMemory({ redis: redis.client(), prefix: redis.prefix(), ttlSeconds: 60, hash: (id) => `#${id}` });
    expect(await memory.known(['a', 'b'])).toEqual(new Map());
    await memory.remember(['a'], 'call-1');
    await memory.remember(['c'], '');
    expect(await memory.known(['a', 'b', 'c'])).toEqual(
      new Map([
        ['a', 'call-1'],
        ['c', ''],
      ]),
    );
    expect(await redis.client().ttl(`${redis.prefix()}taken:#a`)).toBeGreaterThan(0);
    expect(await memory.known([])).toEqual(new Map());
  });
});
