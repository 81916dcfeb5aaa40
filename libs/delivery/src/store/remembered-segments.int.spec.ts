import { invariant, visitorId, type VisitorId } from '@vitrine/kernel';
import { ChangeListener, createAnnouncer, createPersonalSealer, createRedis, newUuid, runMigrations } from '@vitrine/platform';
import {
  CachedProfileReader,
  createProfileChanges,
  createVisitorHasher,
  EraseProfile,
  MongoProfileRepository,
  profileMigrations,
  SetConsent,
  type ConsentStatus,
} from '@vitrine/profile';
import { eventually, fakeClock, silentLogger, useMongo, useRedis } from '@vitrine/testing';
import type { Redis } from 'ioredis';
import type { DecisionRecord } from '../domain/types';
import { aSegmentModel, NOON, weightedPolicy } from '../fixtures';
import { aRequest, pageBench } from '../page-fixtures';
import { RememberedSegments } from './remembered-segments';

const hasher = createVisitorHasher(new Uint8Array(32));
const sealer = createPersonalSealer([{ id: 1, key: new Uint8Array(32) }]);
const [ANN, BOB, CARA] = [visitorId('ann'), visitorId('bob'), visitorId('cara')];
const BY_SEGMENT = {
  ladderStep: 'SEGMENT',
  degraded: true,
  consentTier: 'PERSONALIZED',
  segmentId: 'seg-1',
  segmentModelVersion: 4,
} as const;
const BY_REQUEST = { ...BY_SEGMENT, consentTier: 'CONTEXT_ONLY', visitorHash: null, segmentId: null, segmentModelVersion: null } as const;

describe('segments that a gateway remembers', () => {
  const mongo = useMongo();
  const redis = useRedis();
  const clients: Redis[] = [];
  const clock = fakeClock(NOON);

  beforeAll(() => runMigrations(mongo.connection(), profileMigrations));
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await mongo.clear();
  });

  function connect(role: 'cache' | 'subscriber'): Redis {
    const client = createRedis(redis.url(), role, silentLogger);
    clients.push(client);
    return client;
  }

  /** A gateway as it is composed, of which a test can cut the database off; its cache has room for one profile. */
  async function aGateway() {
    const repository = new MongoProfileRepository({ connection: mongo.connection(), hasher, sealer, clock, loadRefusals: false });
    const line = { cut: false, mute: false };
    const memory = new RememberedSegments(clock, 1_000);
    const reader = new CachedProfileReader(
      {
        source: {
          load: (ids, maxTimeMs) => (line.cut ? Promise.reject(new RangeError('the line is cut')) : repository.load(ids, maxTimeMs)),
          changedSince: (sinceMs, limit) => repository.changedSince(sinceMs, limit),
        },
        clock,
        watcher: memory,
      },
      { maxProfiles: 1, deadlineMs: 5_000, loadTimeoutMs: 5_000 },
    );
    const subscriber = connect('subscriber');
    const announce = createAnnouncer(connect('cache'));
    await follow(subscriber, { reader, memory }, announce);
    const changes = createProfileChanges({ cache: reader, announce: (message) => void (line.mute || announce(message)) });
    const deps = { profiles: repository, changes, clock, newId: () => newUuid(clock), consentDefault: 'DENIED' as const };
    const consents = new SetConsent(deps);
    const erasing = new EraseProfile({ ...deps, hasher, places: [], tombstoneMs: 86_400_000 });
    const bench = pageBench({ over: { profiles: reader, memory, hasher } });
    bench.model = aSegmentModel();
    bench.policy = weightedPolicy(() => 1, { personal: true });
    const decide = async (person: VisitorId): Promise<DecisionRecord> => {
      await bench.page.execute(aRequest({ visitorId: person }));
      const record = bench.logged.at(-1);
      invariant(record !== undefined, 'it was decided');
      return record;
    };
    return {
      line,
      memory,
      reader,
      subscriber,
      decide,
      erase: (person: VisitorId) => erasing.execute(person),
      say: (person: VisitorId, status: ConsentStatus) =>
        consents.execute({
          caller: { kind: 'server' },
          visitorId: person,
          purposes: [{ purpose: 'PERSONALIZATION', status }],
          source: 's',
        }),
      /** Decides for somebody whose profile is not in memory and cannot be had. */
      async decideBlind(person: VisitorId): Promise<DecisionRecord> {
        await decide(CARA);
        line.cut = true;
        return decide(person);
      },
    };
  }

  /** Until notices come in: from here on none is missed. */
  async function follow(
    subscriber: Redis,
    { reader, memory }: { readonly reader: CachedProfileReader; readonly memory: RememberedSegments },
    announce: ReturnType<typeof createAnnouncer>,
  ): Promise<void> {
    const listener = new ChangeListener(subscriber, silentLogger);
    const probe = newUuid(clock);
    let heard = false;
    listener.on(({ kind, id, revision }) => {
      heard ||= id === probe;
      if (kind === 'profile') reader.invalidate(id, revision);
    });
    listener.onGap(() => memory.lostTrack());
    listener.start();
    await eventually(() => (announce({ kind: 'profile', id: probe, revision: 1 }), heard), {
      what: 'the first notice',
      deadlineMs: 10_000,
    });
  }

  /** Two gateways that know both Ann and Cara, who consent. */
  async function twoGateways() {
    const [here, there] = [await aGateway(), await aGateway()];
    for (const person of [ANN, BOB, CARA]) await here.say(person, 'GRANTED');
    for (const { decide } of [here, there]) for (const person of [ANN, BOB, CARA]) await decide(person);
    expect([here.memory.size, there.memory.size]).toEqual([3, 3]);
    return { here, there };
  }

  it('decide for somebody whose profile left the cache while the database is away', async () => {
    const { here, there } = await twoGateways();
    for (const gateway of [here, there]) {
      expect(await gateway.decideBlind(ANN)).toMatchObject({ ...BY_SEGMENT, visitorHash: hasher.hash(ANN) });
      expect(await gateway.decide(visitorId('dan'))).toMatchObject(BY_REQUEST);
    }
    clock.advance(15 * 60_000 + 1);
    expect(await here.decide(ANN)).toMatchObject(BY_REQUEST);
  });

  it.each(['REVOKED', 'DENIED'] as const)(
    'are forgotten once consent is %s, by the gateway that was told and by the others',
    async (word) => {
      const { here, there } = await twoGateways();
      await here.say(ANN, word);
      expect(here.memory.recall(hasher.hash(ANN))).toBeNull();
      expect(await here.decideBlind(ANN)).toMatchObject(BY_REQUEST);
      await eventually(() => there.memory.recall(hasher.hash(ANN)) === null, { what: 'the notice' });
      expect(await there.decideBlind(ANN)).toMatchObject(BY_REQUEST);
      for (const { decide } of [here, there]) expect(await decide(BOB)).toMatchObject(BY_SEGMENT);
    },
  );

  it('are forgotten when somebody is erased', async () => {
    const { here, there } = await twoGateways();
    await here.erase(ANN);
    expect(await here.decideBlind(ANN)).toMatchObject(BY_REQUEST);
    await eventually(() => there.memory.recall(hasher.hash(ANN)) === null, { what: 'the notice' });
    expect(await there.decideBlind(ANN)).toMatchObject(BY_REQUEST);
  });

  it('are forgotten by asking what changed, where a notice was lost', async () => {
    const { here, there } = await twoGateways();
    here.line.mute = true;
    await here.say(ANN, 'REVOKED');
    expect(there.memory.recall(hasher.hash(ANN))).not.toBeNull();
    await there.reader.catchUp();
    expect(await there.decideBlind(ANN)).toMatchObject(BY_REQUEST);
    expect(await there.decide(BOB)).toMatchObject(BY_SEGMENT);
  });

  it('are all forgotten after a gap in the notices', async () => {
    const { here, there } = await twoGateways();
    there.subscriber.disconnect(true);
    await eventually(() => there.memory.size === 0, { what: 'the reconnect', deadlineMs: 10_000 });
    expect(await there.decideBlind(ANN)).toMatchObject(BY_REQUEST);
    expect(await here.decideBlind(ANN)).toMatchObject(BY_SEGMENT);
  });
});
