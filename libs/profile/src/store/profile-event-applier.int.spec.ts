import { visitorId } from '@vitrine/kernel';
import { createPersonalSealer, newUuid, runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { Identify } from '../application/identify';
import { SetConsent } from '../application/set-consent';
import { applyEvents, emptyFeatures, type BehaviouralFeatures } from '../domain/features/feature-catalogue';
import type { ConsentDefault } from '../domain/consent';
import { aProfileEvent } from '../domain/profile-event.fixture';
import type { ConsentStatus } from '../domain/types';
import { MongoProfileRepository } from './mongo-profile.repository';
import { ProfileEventApplier, type VisitorEvents } from './profile-event-applier';
import { profileMigrations } from './profile.migrations';
import { createVisitorHasher } from './visitor-hasher';

const hasher = createVisitorHasher(new Uint8Array(32));
const sealer = createPersonalSealer([{ id: 1, key: new Uint8Array(32) }]);
const ANON = visitorId('anon-1');
const USER = visitorId('user-1');
const T = Date.UTC(2026, 0, 5, 11);

const views = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) =>
    aProfileEvent({ type: 'PRODUCT_VIEW', category: 'a.$b', productId: `p${from + i}`, occurredAt: T + (from + i) * 1000 }),
  );

describe('ProfileEventApplier', () => {
  const mongo = useMongo();
  beforeAll(() => runMigrations(mongo.connection(), profileMigrations));
  afterEach(() => mongo.clear());

  function setUp(consentDefault: ConsentDefault = 'DENIED') {
    const clock = fakeClock(T - 60_000); // what is said here is said before the events
    const connection = mongo.connection();
    const profiles = new MongoProfileRepository({ connection, hasher, sealer, clock, loadRefusals: true });
    const changes = { saved: () => undefined, removed: () => undefined, consentRecorded: () => undefined };
    const deps = { connection, profiles, hasher, sealer, changes, clock, newId: () => newUuid(clock), consentDefault };
    const applier = new ProfileEventApplier(deps);
    const consents = new SetConsent(deps);
    const identify = new Identify(deps);
    return {
      profiles,
      applier,
      apply: (...visitors: VisitorEvents[]) => mongo.inTransaction((session) => applier.apply(session, visitors)),
      consent: (id: typeof ANON, status: ConsentStatus) =>
        consents.execute({ caller: { kind: 'server' }, visitorId: id, purposes: [{ purpose: 'PERSONALIZATION', status }], source: 's' }),
      link: () =>
        identify.execute({
          caller: { kind: 'server' },
          anonymousId: ANON,
          userId: USER,
          traits: undefined,
          device: undefined,
          locale: undefined,
        }),
    };
  }
  const count = (name: string) => mongo.connection().collection(name).countDocuments();

  it('creates no profile without consent', async () => {
    const { apply } = setUp();
    expect(await apply({ visitorId: ANON, events: views(3) })).toEqual([]);
    expect([await count('profiles'), await count('profile_aliases'), await count('consents')]).toEqual([0, 0, 0]);
  });

  it('applies the events of all ids of a person to one profile and says its new version', async () => {
    const { apply, consent, link, profiles } = setUp();
    await consent(ANON, 'GRANTED');
    await link();
    const before = await profiles.find(USER);
    const changed = await apply(
      { visitorId: ANON, events: views(2) },
      { visitorId: USER, events: views(3, 2) },
      { visitorId: visitorId('none'), events: views(1) },
    );
    const after = await profiles.find(ANON);
    expect(changed).toEqual([{ id: before?.id, revision: (before?.version ?? 0) + 1 }]);
    expect(after?.features).toEqual(applyEvents(emptyFeatures(), views(5)));
    expect(after?.version).toBe(changed[0]?.revision);
  });

  it('adds nothing after PERSONALIZATION was revoked', async () => {
    const { apply, consent, profiles } = setUp('GRANTED');
    await consent(ANON, 'GRANTED');
    await consent(ANON, 'REVOKED');
    expect(await apply({ visitorId: ANON, events: views(3) })).toEqual([]);
    expect((await profiles.find(ANON))?.features).toEqual(emptyFeatures());
  });

  it('learns nothing of what happened before it was allowed, though it is told afterwards', async () => {
    const { apply, consent, profiles } = setUp();
    await consent(ANON, 'GRANTED');
    const early = aProfileEvent({ type: 'PRODUCT_VIEW', occurredAt: T - 120_000 });
    await apply({ visitorId: ANON, events: [early, ...views(2)] });
    expect((await profiles.find(ANON))?.features).toEqual(applyEvents(emptyFeatures(), views(2)));
  });

  it('gives a stranger a profile where the default grants it, once, and none to somebody who refused', async () => {
    const { apply, consent, profiles } = setUp('GRANTED');
    const refuser = visitorId('refuser');
    await consent(refuser, 'DENIED');
    const changed = await apply(
      { visitorId: ANON, events: views(1) },
      { visitorId: ANON, events: views(1, 1) },
      { visitorId: refuser, events: views(1) },
      { visitorId: USER, signedIn: true, events: views(1) },
    );
    expect(changed).toHaveLength(2);
    expect(await profiles.find(ANON)).toMatchObject({ version: 1, userId: null, features: { engagement: { productViews: 2 } } });
    expect(await profiles.find(USER)).toMatchObject({ userId: USER });
    expect(await profiles.find(refuser)).toBeNull();
  });

  it('leaves no profile of a person whose refusal is recorded at the same moment', async () => {
    const { apply, consent, profiles } = setUp('GRANTED');
    const people = Array.from({ length: 12 }, (_, i) => visitorId(`racer-${i}`));
    await Promise.all(people.flatMap((id) => [apply({ visitorId: id, events: views(1) }), consent(id, 'DENIED')]));
    for (const id of people) {
      const profile = await profiles.find(id);
      if (profile === null)
        expect((await profiles.load([id], 1000)).consents.get(id)).toMatchObject({ PERSONALIZATION: { status: 'DENIED' } });
      else
        expect(profile).toMatchObject({
          consent: { PERSONALIZATION: { status: 'DENIED' } },
          features: { engagement: { productViews: 0 } },
        });
    }
  });

  it('loses no event when batches, merges and identifies of one person run at once', async () => {
    const { apply, consent, link, profiles } = setUp();
    await consent(ANON, 'GRANTED');
    await consent(USER, 'GRANTED');
    const batches = Array.from({ length: 10 }, (_, i) => apply({ visitorId: i % 2 === 0 ? ANON : USER, events: views(5, 5 * i) }));
    await Promise.all([...batches.slice(0, 5), link(), ...batches.slice(5), link()]);

    const person = await profiles.find(USER);
    const expected = applyEvents(emptyFeatures(), views(50));
    expect(person?.features).toMatchObject({
      engagement: { productViews: 50 },
      interest: { product: { value: 'p49' } },
      visit: { history: { recent: [{ events: 50 }] } },
    });
    const interest = (features: BehaviouralFeatures | undefined): number =>
      features?.interest.categories.find(({ key }) => key === 'a.$b')?.value ?? 0;
    expect(interest(expected)).toBeGreaterThan(0);
    expect(interest(person?.features)).toBeCloseTo(interest(expected), 9);
    expect(await count('profiles')).toBe(1);
  });

  it('makes the transaction start over when the profile changed after it was read', async () => {
    const { applier, consent, profiles } = setUp();
    await consent(ANON, 'GRANTED');
    let attempts = 0;
    await mongo.inTransaction(async (session) => {
      attempts += 1;
      // Outside of the session: somebody else moves the profile on while this transaction holds an older snapshot of it.
      await mongo.connection().collection('profile_aliases').findOne({}, { session });
      if (attempts === 1)
        await mongo
          .connection()
          .collection('profiles')
          .updateOne({}, { $inc: { version: 1 } });
      return applier.apply(session, [{ visitorId: ANON, events: views(1) }]);
    });
    expect(attempts).toBe(2);
    expect(await profiles.find(ANON)).toMatchObject({ version: 3, features: { engagement: { productViews: 1 } } });
  });

  it('refuses to write over another version even without a conflict that Mongo sees', async () => {
    const { applier, consent } = setUp();
    await consent(ANON, 'GRANTED');
    const session = await mongo.connection().startSession();
    try {
      // No transaction: the guard alone has to notice the write that slips in between the applier's read and its own write.
      const rows = mongo.connection().model('Profile');
      const bulkWrite = rows.bulkWrite.bind(rows);
      jest.spyOn(rows, 'bulkWrite').mockImplementationOnce(async (...args: Parameters<typeof bulkWrite>) => {
        await mongo
          .connection()
          .collection('profiles')
          .updateOne({}, { $inc: { version: 1 } });
        return bulkWrite(...args);
      });
      await expect(applier.apply(session, [{ visitorId: ANON, events: views(1) }])).rejects.toMatchObject({
        cause: { code: 'STALE_WRITE' },
      });
    } finally {
      await session.endSession();
    }
  });
});
