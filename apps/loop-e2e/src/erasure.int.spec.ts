import { LedgerRebuilder, MongoLedgerStore, MongoPolicyStateStore, MongoUnitOfWork } from '@vitrine/feedback';
import { MongoCatalogReader } from '@vitrine/catalog';
import { parsePolicyVersionId, policyVersionId, systemClock, visitorId } from '@vitrine/kernel';
import { feedbackQueueName, newUuid, QUEUE_PREFIX } from '@vitrine/platform';
import { createVisitorHasher } from '@vitrine/profile';
import { eventually } from '@vitrine/testing';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { HERO_VERSION } from './harness/catalog.fixture';
import { SECRET_KEY, shownAndClicked, untilHuman, type Decision } from './harness/loop-api';
import type { Running } from './harness/processes';
import { TEST_KEY, useLoop } from './harness/use-loop';

const REDIS_DATABASE = 12;
const [DEVICE, USER, OTHER] = ['erin-device-5b1c', 'erin-user-90ff', 'olga-device-3d2a'];
const HERO = policyVersionId(parsePolicyVersionId(HERO_VERSION).placementId, 1);
const ERASE = `mutation ($id: ID!) { eraseProfile(visitorId: $id) {
  removed { place count } policies { policyVersionId entries removal } tombstones tombstonesExpireAt } }`;

interface Receipt {
  readonly removed: readonly { readonly place: string; readonly count: number }[];
  readonly policies: readonly { readonly policyVersionId: string; readonly entries: number; readonly removal: string }[];
  readonly tombstones: number;
  readonly tombstonesExpireAt: string;
}

describe('erasing a person from the whole system', () => {
  const loop = useLoop(REDIS_DATABASE);
  const hashes = createVisitorHasher(TEST_KEY);
  const redis = (): Redis => new Redis(loop.redisUrl());
  const rows = (name: string, filter: object = {}) => loop.mongo.connection().collection(name).countDocuments(filter);
  const logs: Running[] = [];
  let signs: readonly string[] = [];

  it('leaves nothing of them but keyed tombstones, and a state as if they had never been', async () => {
    let worker = await loop.processes().start('worker');
    logs.push(worker);
    const outstanding = await live();
    signs = await signsOf([DEVICE, USER]);
    expect(await places()).toEqual(expect.arrayContaining(['events', 'ledger_batches', 'profiles', 'quarantine', 'trials', 'decisions']));
    await leaveAFailedJob();
    await worker.stop();
    await loop.api().record(shownAndClicked(USER, outstanding)); // accepted, and waiting in the queue
    expect(await places()).toContain('redis');

    const receipt = await erase(USER);
    const counts = Object.fromEntries(receipt.removed.map(({ place, count }) => [place, count]));
    expect(counts).toMatchObject({ profiles: 1, aliases: 2, ledger: 2, trials: 1, quarantine: 1, 'queued events': 3 });
    expect(counts['events']).toBeGreaterThanOrEqual(2);
    expect(receipt.policies).toEqual([{ policyVersionId: HERO_VERSION, entries: 2, removal: 'UNFOLDED' }]);
    expect(receipt.tombstones).toBe(2);
    await untilOnlyTombstones();

    worker = await loop.processes().start('worker');
    logs.push(worker);
    await untilDrained();
    expect(await rows('events', { decisionId: outstanding.decisionId })).toBe(0);
    // Late, and with a token that was given out before: taken, since the edge asks no database, and dropped.
    const [late] = await loop.api().record([{ ...shownAndClicked(USER, outstanding)[1], eventId: 'a-late-click' }]);
    expect(late?.status).toBe('ACCEPTED');
    await untilDrained();
    expect(await rows('events', { _id: 'a-late-click' as never })).toBe(0);
    await untilOnlyTombstones();

    await expectStateWithoutThem();
    const { code, output } = await loop.processes().run(['ledger', 'verify', '--json']);
    expect([code, output]).toEqual([0, expect.stringContaining('"ok": true')]);
  }, 180_000);

  it('is harmless when it is asked again, by another id too', async () => {
    const before = await rows('erasures');
    for (const id of [DEVICE, USER]) {
      const { removed, policies, tombstones } = await erase(id);
      expect(removed.every(({ count }) => count === 0)).toBe(true);
      expect([policies, tombstones]).toEqual([[], 1]);
    }
    expect(await rows('erasures')).toBe(before);
    expect(await loop.api().must(SECRET_KEY, '{ profile(visitorId: "olga-device-3d2a") { behaviour { clicks } } }')).toEqual({
      profile: { behaviour: { clicks: 1 } },
    });
    await expect(erase('nobody-at-all')).resolves.toMatchObject({ policies: [], tombstones: 1 });
  });

  /** Two people look, click, and one of them signs in; a rejected event lies in quarantine. @returns a decision that is still to be redeemed */
  async function live(): Promise<Decision> {
    await loop.api().grant(DEVICE);
    await loop.api().grant(OTHER);
    for (const visitor of [DEVICE, OTHER]) {
      const decision = await loop.api().decide(visitor, 'hero');
      await untilHuman();
      await loop.api().record(shownAndClicked(visitor, decision));
    }
    const input = { anonymousId: DEVICE, userId: USER, traits: { city: 'Lund' } };
    await loop.api().must(SECRET_KEY, 'mutation ($input: IdentifyInput!) { identify(input: $input) { status } }', { input });
    const occurredAt = new Date().toISOString();
    await loop.api().record([
      {
        eventId: 'a-long-stay',
        type: 'DWELL',
        occurredAt,
        visitorId: USER,
        dwellMs: 12 * 3_600_000,
        url: `https://shop.example/${USER}`,
      },
    ]);
    await loop.api().banners({ visitorId: USER, placements: [{ id: 'hero' }], decisionGroupId: newUuid() });
    await untilDrained();
    await eventually(async () => (await rows('policy_heads', { _id: HERO as never, entries: 4 })) === 1, {
      what: 'everything to be folded',
    });
    await eventually(async () => (await rows('decisions', { visitorHash: hashes.hash(visitorId(USER)) })) > 0, {
      what: 'the decision log',
    });
    return loop.api().decide(USER, 'hero');
  }

  async function erase(id: string): Promise<Receipt> {
    return (await loop.api().must<{ eraseProfile: Receipt }>(SECRET_KEY, ERASE, { id })).eraseProfile;
  }

  /** A payload that no worker can read fails at once and stays to be looked at. */
  async function leaveAFailedJob(): Promise<void> {
    const client = redis();
    const queue = new Queue(feedbackQueueName(0), { connection: client, prefix: QUEUE_PREFIX });
    await queue.add('chunk', { events: [{ visitorId: USER }] });
    await eventually(async () => (await queue.getFailedCount()) === 1, { what: 'the job to fail' });
    await queue.close();
    await client.quit();
  }

  async function untilDrained(): Promise<void> {
    const client = redis();
    const queues = Array.from({ length: 8 }, (_, at) => new Queue(feedbackQueueName(at), { connection: client, prefix: QUEUE_PREFIX }));
    await eventually(
      async () =>
        (await Promise.all(queues.map((queue) => queue.getJobCountByTypes('waiting', 'active', 'delayed')))).every((n) => n === 0),
      { what: 'the queues to be empty' },
    );
    await Promise.all(queues.map((queue) => queue.close()));
    await client.quit();
  }

  async function signsOf(ids: readonly string[]): Promise<readonly string[]> {
    const { profile } = await loop.api().must<{ profile: { id: string } }>(SECRET_KEY, `{ profile(visitorId: "${ids[0]}") { id } }`);
    return [profile.id, ...ids, ...ids.map((id) => hashes.hash(visitorId(id)))];
  }

  /** Short-lived counters of the rate limit may hold an id for a second. */
  async function untilOnlyTombstones(): Promise<void> {
    await eventually(async () => (await places()).join() === 'erasures', {
      what: `nothing but tombstones, found ${(await places()).join()}`,
    });
  }

  /** Collections, Redis and logs that hold any sign of the person. */
  async function places(): Promise<readonly string[]> {
    const connection = loop.mongo.connection();
    const names = (await connection.listCollections()).map(({ name }) => name);
    const texts = await Promise.all(
      names.map(async (name) => [name, JSON.stringify(await connection.collection(name).find().toArray())] as const),
    );
    const all = [
      ...texts,
      ['redis', await everythingInRedis()] as const,
      ['logs', logs.map((process) => process.log()).join('\n')] as const,
    ];
    return all.filter(([, text]) => signs.some((sign) => text.includes(sign))).map(([name]) => name);
  }

  async function everythingInRedis(): Promise<string> {
    const client = redis();
    const keys = await client.keys('*');
    const values = await Promise.all(keys.map((key) => valueOf(client, key)));
    await client.quit();
    return JSON.stringify([keys, values]);
  }

  /** What the remaining ledger says, folded from its first entry by nothing but the remaining entries. */
  async function expectStateWithoutThem(): Promise<void> {
    const connection = loop.mongo.connection();
    const unitOfWork = new MongoUnitOfWork(connection);
    const states = new MongoPolicyStateStore({ connection, unitOfWork });
    const reader = new MongoCatalogReader(connection);
    const versionsToFold = async () => (await reader.listPolicies(parsePolicyVersionId(HERO).placementId)).versions;
    const rebuilder = new LedgerRebuilder({
      ledger: new MongoLedgerStore({ connection, unitOfWork, newId: newUuid }),
      states,
      policies: { versionsToFold, findVersion: async (id) => (await versionsToFold()).find((version) => version.id === id) ?? null },
      announce: () => undefined,
      clock: systemClock,
    });
    const [{ head, arms }, anew] = [await states.snapshot(HERO), await rebuilder.rebuild(HERO)];
    expect([head.entries, anew.entries]).toEqual([2, 2]);
    for (const [banner, statistics] of arms) {
      const folded = anew.arms.get(banner) ?? new Float64Array(statistics.length);
      statistics.forEach((value, i) => expect(value).toBeCloseTo(folded[i] ?? Number.NaN, 9));
    }
  }
});

async function valueOf(client: Redis, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case 'string':
      return client.get(key);
    case 'hash':
      return client.hgetall(key);
    case 'list':
      return client.lrange(key, 0, -1);
    case 'set':
      return client.smembers(key);
    case 'zset':
      return client.zrange(key, 0, -1);
    default:
      return client.xrange(key, '-', '+');
  }
}
