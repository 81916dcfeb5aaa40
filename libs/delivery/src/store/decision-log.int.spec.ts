import { Queue, Worker, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import { bannerId, decisionId, visitorHash, type VisitorHash } from '@vitrine/kernel';
import { runMigrations } from '@vitrine/platform';
import { eventually, silentLogger, useMongo, useRedis } from '@vitrine/testing';
import { decidePlacement } from '../domain/decide-placement';
import type { DecisionRecord } from '../domain/types';
import { eligibleBanners, NOON, placementInputs, VISITOR } from '../fixtures';
import { BatchedDecisionLog } from './batched-decision.log';
import { createDecisionLogProcessor } from './decision-log.processor';
import { deliveryMigrations } from './delivery-migrations';
import { heldDecisions } from './held-decisions';
import { DECISIONS, MongoDecisionRepository } from './mongo-decision.repository';

const numbered = (n: number) => decisionId(`019b0000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`);
const aRecord = (n: number, over: Partial<DecisionRecord> = {}): DecisionRecord => ({
  ...decidePlacement(
    placementInputs({
      id: numbered(n),
      eligibility: { eligible: eligibleBanners(7), rejected: [{ bannerId: bannerId('b99'), reason: 'PACING' }] },
    }),
  ).record,
  ...over,
});

describe('the decision log', () => {
  const mongo = useMongo();
  const redis = useRedis();
  const repository = () => new MongoDecisionRepository(mongo.connection(), 30);
  const nobodyErased = () => Promise.resolve<ReadonlyMap<VisitorHash, number>>(new Map());

  beforeAll(() => runMigrations(mongo.connection(), deliveryMigrations));
  beforeEach(() => mongo.clear());

  it('brings a record through queue and database unchanged to the last bit', async () => {
    const connection = new Redis(redis.url(), { maxRetriesPerRequest: null });
    const prefix = redis.prefix();
    const queue = new Queue('decision-log', { connection, prefix });
    const worker = new Worker(
      'decision-log',
      createDecisionLogProcessor({ decisions: repository(), erased: nobodyErased, logger: silentLogger }),
      { connection, prefix },
    );
    const log = new BatchedDecisionLog({ queue, logger: silentLogger, chunkSize: 3 });
    const watched = { shadowDistribution: Float64Array.of(0.1, 0.2, 0.7), selection: 'STICKY' } as const;
    const records = Array.from({ length: 8 }, (_, n) => aRecord(n, n === 6 ? watched : {}));
    log.append(records);
    await log.close();
    await eventually(async () => (await mongo.connection().collection(DECISIONS).countDocuments()) === 8, { what: 'eight decisions' });
    expect(await repository().find(numbered(5))).toEqual(records[5]);
    expect(await repository().find(numbered(6))).toEqual(records[6]);
    await worker.close();
    await queue.close();
    await connection.quit();
  });

  it('writes a chunk once, however often its job runs', async () => {
    const rows = [aRecord(1), aRecord(2)];
    expect(await repository().insert(rows)).toBe(2);
    expect(await repository().insert([...rows, aRecord(3)])).toBe(1);
    expect(await repository().insert([aRecord(1, { degraded: true })])).toBe(0);
    expect((await repository().find(numbered(1)))?.degraded).toBe(false); // the first writing stands
    expect(await mongo.connection().collection(DECISIONS).countDocuments()).toBe(3);
  });

  it('reads what was written before shadows and sticky draws were noted', async () => {
    await repository().insert([aRecord(1)]);
    const rows = mongo.connection().collection(DECISIONS);
    await rows.updateOne({}, { $unset: { shadowDistribution: '', selection: '' } });
    expect(await repository().find(numbered(1))).toMatchObject({ shadowDistribution: null, selection: 'DRAW' });
  });

  it('keeps no visitor without consent and expires with its retention', async () => {
    await repository().insert([aRecord(1), aRecord(2, { visitorHash: null, consentTier: 'CONTEXT_ONLY' })]);
    const documents = await mongo.connection().collection(DECISIONS).find().sort({ _id: 1 }).toArray();
    expect(documents.map((document) => 'visitorHash' in document)).toEqual([true, false]);
    expect(documents[0]?.['expiresAt']).toEqual(new Date(NOON + 30 * 86_400_000));
    const indexes = await mongo.connection().collection(DECISIONS).indexes();
    expect(indexes).toContainEqual(expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }));
  });

  it('does not bring back what an erasure removed while it lay in the queue', async () => {
    const other = visitorHash('ffffffffffffffffffffffffffffffff');
    const process = createDecisionLogProcessor({
      decisions: repository(),
      erased: (hashes) =>
        Promise.resolve(new Map(hashes.filter((hash) => hash === VISITOR).map((hash) => [hash, Number.MAX_SAFE_INTEGER]))),
      logger: silentLogger,
    });
    const rows = await rowsOf([aRecord(1), aRecord(2, { visitorHash: other })]);
    expect(await process(jobOf(rows))).toEqual({ received: 2, written: 1, erased: 1 });
    expect(await repository().find(numbered(1))).toBeNull();
    const order = { profileId: null, visitorIds: [], hashes: [other], profile: null, decisionIds: [] };
    expect(await heldDecisions(mongo.connection()).erase({ ...order, until: 8_000_000_000_000 })).toEqual({ removed: 1 });
    expect(await repository().find(numbered(2))).toBeNull();
  });

  it('gives up at once on a chunk that no retry can mend', async () => {
    const process = createDecisionLogProcessor({ decisions: repository(), erased: nobodyErased, logger: silentLogger });
    await expect(process(jobOf({ rows: [{ id: 'x' }] }))).rejects.toMatchObject({ name: 'UnrecoverableError' });
  });
});

/** What the log would put into the queue. */
async function rowsOf(records: readonly DecisionRecord[]): Promise<unknown> {
  const chunks: unknown[] = [];
  const log = new BatchedDecisionLog({ queue: { add: (_name, data) => Promise.resolve(chunks.push(data)) }, logger: silentLogger });
  log.append(records);
  await log.close();
  return chunks[0];
}

function jobOf(data: unknown): Job<unknown> {
  return { id: 'job', data } as Job<unknown>;
}
