import { visitorId } from '@vitrine/kernel';
import { createPersonalSealer, newUuid, runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { Identify } from '../application/identify';
import { SetConsent } from '../application/set-consent';
import { aProfileEvent } from '../domain/profile-event.fixture';
import type { ConsentStatus, Purpose } from '../domain/types';
import { MongoLearnedEvents } from './mongo-learned-events';
import { MongoProfileRepository } from './mongo-profile.repository';
import { ProfileEventApplier } from './profile-event-applier';
import { profileMigrations } from './profile.migrations';
import { createVisitorHasher } from './visitor-hasher';

const hasher = createVisitorHasher(new Uint8Array(32));
const sealer = createPersonalSealer([{ id: 1, key: new Uint8Array(32) }]);
const T = Date.UTC(2026, 0, 5, 11);
const [ANON, USER, OTHER] = [visitorId('anon-1'), visitorId('user-1'), visitorId('other-1')];

describe('MongoLearnedEvents', () => {
  const mongo = useMongo();
  beforeAll(() => runMigrations(mongo.connection(), profileMigrations));
  afterEach(() => mongo.clear());

  function setUp() {
    const clock = fakeClock(T - 60_000);
    const connection = mongo.connection();
    const profiles = new MongoProfileRepository({ connection, hasher, sealer, clock, loadRefusals: true });
    const changes = { saved: () => undefined, removed: () => undefined, consentRecorded: () => undefined };
    const deps = { connection, profiles, hasher, sealer, changes, clock, newId: () => newUuid(clock), consentDefault: 'DENIED' as const };
    const applier = new ProfileEventApplier(deps);
    const consents = new SetConsent(deps);
    const identify = new Identify(deps);
    const caller = { kind: 'server' } as const;
    return {
      clock,
      learned: new MongoLearnedEvents(connection),
      idOf: async (id: typeof ANON) => (await profiles.find(id))?.id ?? 'nobody',
      say: (id: typeof ANON, purpose: Purpose, status: ConsentStatus) =>
        consents.execute({ caller, visitorId: id, purposes: [{ purpose, status }], source: 's' }),
      see: (id: typeof ANON, occurredAt: number, productId: string) => {
        const event = aProfileEvent({ type: 'PRODUCT_VIEW', productId, occurredAt });
        return mongo.inTransaction((session) => applier.apply(session, [{ visitorId: id, events: [event] }]));
      },
      link: () => identify.execute({ caller, anonymousId: ANON, userId: USER, traits: undefined, device: undefined, locale: undefined }),
    };
  }

  it('gives the events of each profile, whichever of its ids sent them, and nothing of one that has none', async () => {
    const { learned, say, see, link, idOf } = setUp();
    for (const id of [ANON, OTHER]) await say(id, 'PERSONALIZATION', 'GRANTED');
    await link();
    await see(ANON, T, 'a');
    await see(USER, T + 1, 'b');
    await see(OTHER, T + 2, 'c');
    const [person, other] = [await idOf(USER), await idOf(OTHER)];
    const found = await learned.ofProfiles([person, 'nobody']);
    expect([...found.keys()]).toEqual([person]);
    expect(
      found
        .get(person)
        ?.map(({ event }) => event.productId)
        .toSorted(),
    ).toEqual(['a', 'b']);
    const both = await learned.ofProfiles([person, other]);
    expect(both.get(other)?.map(({ event, visitorHash }) => [event.productId, visitorHash])).toEqual([['c', hasher.hash(OTHER)]]);
    expect((await learned.ofProfiles([])).size).toBe(0);
  });

  it('says of each event what it was allowed to be used for when it was learned', async () => {
    const { learned, say, see, idOf, clock } = setUp();
    await say(ANON, 'PERSONALIZATION', 'GRANTED');
    await see(ANON, T, 'before');
    clock.set(T + 60_000);
    await say(ANON, 'TRAINING', 'GRANTED');
    await see(ANON, T + 120_000, 'after');
    await see(ANON, T + 1, 'late'); // of before the grant, though it came after it
    const id = await idOf(ANON);
    const events = (await learned.ofProfiles([id])).get(id) ?? [];
    const allowed = Object.fromEntries(events.map(({ event, purposes }) => [event.productId, purposes.includes('TRAINING')]));
    expect(allowed).toEqual({ before: false, after: true, late: false });
  });
});
