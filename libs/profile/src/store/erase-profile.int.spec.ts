import { visitorId, type VisitorId } from '@vitrine/kernel';
import { createPersonalSealer, newUuid, runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { EraseProfile, SETTLING_MS } from '../application/erase-profile';
import { Identify } from '../application/identify';
import type { PersonalData } from '../application/personal-data';
import { SetConsent } from '../application/set-consent';
import { SweepErasures } from '../application/sweep-erasures';
import type { ConsentStatus } from '../domain/types';
import { MongoProfileRepository } from './mongo-profile.repository';
import { MongoTombstones } from './mongo-tombstones';
import { profileMigrations } from './profile.migrations';
import { createVisitorHasher } from './visitor-hasher';

const hasher = createVisitorHasher(new Uint8Array(32));
const sealer = createPersonalSealer([{ id: 1, key: new Uint8Array(32) }]);
const [DEVICE, USER, OTHER] = [visitorId('device'), visitorId('user'), visitorId('other')];
const T = Date.UTC(2026, 0, 5, 11);
const AFTER_SWEEPS = 20 * 60_000;

describe('erasing a profile', () => {
  const mongo = useMongo();
  beforeAll(() => runMigrations(mongo.connection(), profileMigrations));
  afterEach(() => mongo.clear());

  function setUp(places: readonly PersonalData[] = []) {
    const clock = fakeClock(T);
    const connection = mongo.connection();
    const profiles = new MongoProfileRepository({ connection, hasher, sealer, clock, loadRefusals: false });
    const changes = { saved: () => undefined, removed: () => undefined, consentRecorded: () => undefined };
    const deps = { profiles, hasher, changes, clock, newId: () => newUuid(clock), consentDefault: 'DENIED' as const };
    const consents = new SetConsent(deps);
    const tombstones = new MongoTombstones(connection);
    const failures: unknown[] = [];
    const erasing = new EraseProfile({ ...deps, places, tombstoneMs: 86_400_000 });
    const identify = new Identify(deps);
    const sweep = new SweepErasures({ tombstones, places, clock, failed: (error) => void failures.push(error) });
    return {
      clock,
      profiles,
      tombstones,
      sweep,
      failures,
      erase: (id: VisitorId) => erasing.execute(id),
      say: (id: VisitorId, status: ConsentStatus) =>
        consents.execute({ caller: { kind: 'server' }, visitorId: id, purposes: [{ purpose: 'PERSONALIZATION', status }], source: 's' }),
      link: (anonymousId: VisitorId, userId: VisitorId) =>
        identify.execute({
          caller: { kind: 'server' },
          anonymousId,
          userId,
          traits: { plan: 'gold' },
          device: undefined,
          locale: undefined,
        }),
      count: (name: string) => connection.collection(name).countDocuments(),
    };
  }

  it('removes profile, ids and consent at once, and leaves a tombstone for every id', async () => {
    const world = setUp();
    await world.say(DEVICE, 'GRANTED');
    await world.link(DEVICE, USER);
    await world.say(OTHER, 'GRANTED');
    const receipt = await world.erase(DEVICE);
    expect(receipt.removed.filter(({ count }) => count > 0).map(({ place }) => place)).toEqual(['profiles', 'aliases', 'consents']);
    expect(receipt.tombstones.count).toBe(2);
    expect(await Promise.all([DEVICE, USER].map((id) => world.profiles.find(id)))).toEqual([null, null]);
    expect(await world.profiles.find(OTHER)).not.toBeNull();
    const hashes = [DEVICE, USER].map((id) => hasher.hash(id));
    expect(await world.tombstones.find(null, [...hashes, hasher.hash(OTHER)])).toEqual(
      new Map(hashes.map((hash) => [hash, T + SETTLING_MS])),
    );
  });

  it('finishes what was under way, and spares everybody who came afterwards', async () => {
    const world = setUp();
    await world.say(OTHER, 'GRANTED'); // years before
    world.clock.advance(86_400_000);
    await world.say(DEVICE, 'GRANTED');
    await world.erase(DEVICE);
    world.clock.advance(1_000);
    await world.say(DEVICE, 'GRANTED'); // by a process that had not heard of it
    world.clock.advance(AFTER_SWEEPS);
    expect(await world.sweep.execute()).toBe(2); // the profile and its id
    expect(await world.profiles.find(DEVICE)).toBeNull();

    await world.erase(USER); // a stranger here
    world.clock.advance(1_000);
    await world.link(USER, OTHER); // the same device, another person who signs in
    world.clock.advance(AFTER_SWEEPS);
    expect(await world.sweep.execute()).toBe(0);
    expect(await world.profiles.find(USER)).toMatchObject({ userId: OTHER, traits: { plan: 'gold' } });
  });

  it('keeps what somebody says after it, however soon', async () => {
    const world = setUp();
    await world.erase(DEVICE);
    world.clock.advance(1_000);
    await world.say(DEVICE, 'DENIED');
    world.clock.advance(AFTER_SWEEPS);
    await world.sweep.execute();
    const { recordedConsent } = await world.profiles.transaction((tx) => tx.known([DEVICE]));
    expect(recordedConsent).toMatchObject({ PERSONALIZATION: { status: 'DENIED' } });
  });

  it('touches nobody else who was erased with an id and came back', async () => {
    const world = setUp();
    await world.say(DEVICE, 'GRANTED');
    await world.link(DEVICE, USER);
    await world.erase(DEVICE);
    world.clock.advance(AFTER_SWEEPS);
    await world.say(USER, 'GRANTED');
    await world.erase(DEVICE);
    expect(await world.profiles.find(USER)).not.toBeNull();
  });

  it('looks after the others when one erasure cannot be, and after that one again', async () => {
    const broken = hasher.hash(DEVICE);
    const erased: string[] = [];
    const place: PersonalData = {
      name: 'a place',
      read: () => Promise.resolve([]),
      erase: ({ hashes, visitorIds }) => {
        if (visitorIds.length === 0 && hashes.includes(broken)) return Promise.reject(new TypeError('broken'));
        erased.push(...hashes);
        return Promise.resolve({ removed: 0 });
      },
    };
    const world = setUp([place]);
    for (const id of [DEVICE, OTHER]) await world.erase(id);
    erased.length = 0;
    world.clock.advance(AFTER_SWEEPS);
    await world.sweep.execute();
    expect([erased, world.failures.length]).toEqual([[hasher.hash(OTHER)], 1]);
    world.clock.advance(AFTER_SWEEPS);
    await world.sweep.execute();
    expect(world.failures).toHaveLength(2);
  });
});
