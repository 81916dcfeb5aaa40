import { visitorId } from '@vitrine/kernel';
import { createPersonalSealer, runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { Identify, type IdentifyCommand } from '../application/identify';
import { emptyFeatures } from '../domain/features/feature-catalogue';
import { SetConsent } from '../application/set-consent';
import { MergeProfiles } from '../application/merge-profiles';
import type { ConsentDefault } from '../domain/consent';
import type { ConsentStatus, Profile, Purpose } from '../domain/types';
import { IdentityResolver } from './identity-resolver';
import { MongoProfileRepository } from './mongo-profile.repository';
import { profileMigrations } from './profile.migrations';
import { createVisitorHasher } from './visitor-hasher';
import { newUuid } from '@vitrine/platform';

const hasher = createVisitorHasher(new Uint8Array(32));
const sealer = createPersonalSealer([{ id: 1, key: new Uint8Array(32) }]);
const ANON = visitorId('anon-1');
const USER = visitorId('user-1');

describe('identity on Mongo', () => {
  const mongo = useMongo();
  beforeAll(() => runMigrations(mongo.connection(), profileMigrations));
  afterEach(() => mongo.clear());

  function setUp(consentDefault: ConsentDefault = 'DENIED') {
    const clock = fakeClock();
    const announced: string[] = [];
    const changes = {
      saved: ({ id, version }: Profile) => void announced.push(`${id}@${version}`),
      removed: (id: string, revision: number) => void announced.push(`${id}@${revision}`),
      consentRecorded: () => undefined,
    };
    const profiles = new MongoProfileRepository({
      connection: mongo.connection(),
      hasher,
      sealer,
      clock,
      loadRefusals: consentDefault === 'GRANTED',
    });
    const deps = { profiles, changes, clock, newId: () => newUuid(clock), consentDefault };
    const identify = new Identify(deps);
    const setConsent = new SetConsent(deps);
    const server = { kind: 'server' } as const;
    return {
      clock,
      announced,
      profiles,
      merge: new MergeProfiles(deps),
      identify: (over: Partial<IdentifyCommand>) =>
        identify.execute({
          caller: server,
          anonymousId: null,
          userId: null,
          traits: undefined,
          device: undefined,
          locale: undefined,
          ...over,
        }),
      consent: (id: typeof ANON, status: ConsentStatus, purpose: Purpose = 'PERSONALIZATION') =>
        setConsent.execute({ caller: server, visitorId: id, purposes: [{ purpose, status }], source: 'banner' }),
    };
  }
  const rows = (name: string) => mongo.connection().collection(name).find().toArray();

  it('stores nothing about a person who granted nothing', async () => {
    const { identify } = setUp();
    expect(await identify({ anonymousId: ANON, userId: USER, traits: { email: 'a@b.c' } })).toEqual({ status: 'NO_CONSENT' });
    expect([...(await rows('profiles')), ...(await rows('profile_aliases')), ...(await rows('consents'))]).toEqual([]);
  });

  it('keeps a stranger’s refusal under a keyed hash, and honours it where the default is GRANTED', async () => {
    const { consent, identify, profiles } = setUp('GRANTED');
    expect(await consent(ANON, 'DENIED')).toMatchObject({ profileKept: false, dataCleared: false });
    expect(await consent(ANON, 'DENIED', 'ANALYTICS')).toMatchObject({
      consent: { PERSONALIZATION: { status: 'DENIED' }, ANALYTICS: { status: 'DENIED' } },
    });
    expect(await identify({ anonymousId: ANON })).toEqual({ status: 'NO_CONSENT' });
    expect(JSON.stringify(await rows('consents'))).not.toContain(ANON);
    expect((await rows('consents')).map(({ _id }) => String(_id))).toEqual([hasher.hash(ANON)]);
    expect(await rows('profiles')).toEqual([]);
    expect((await profiles.load([ANON], 1000)).consents.get(ANON)).toMatchObject({ PERSONALIZATION: { status: 'DENIED' } });
  });

  it('creates the profile when ANALYTICS or PERSONALIZATION is granted, not for TRAINING alone', async () => {
    const { consent, profiles } = setUp();
    expect(await consent(ANON, 'GRANTED', 'TRAINING')).toMatchObject({ profileKept: false });
    expect(await profiles.find(ANON)).toBeNull();
    expect(await consent(ANON, 'GRANTED', 'ANALYTICS')).toMatchObject({ profileKept: true });
    // What was said before there was a profile moved into it.
    expect(await profiles.find(ANON)).toMatchObject({
      version: 1,
      consent: { TRAINING: { status: 'GRANTED' }, ANALYTICS: { status: 'GRANTED' } },
    });
  });

  it('links, stores traits with PERSONALIZATION only, and writes nothing when nothing changed', async () => {
    const { consent, identify, profiles, announced } = setUp();
    await consent(ANON, 'GRANTED', 'ANALYTICS');
    await identify({ anonymousId: ANON, userId: USER, traits: { plan: 'gold' } });
    expect(await profiles.find(USER)).toMatchObject({ userId: USER, aliases: [ANON, USER], traits: {} });
    await consent(ANON, 'GRANTED');
    await identify({ anonymousId: ANON, userId: USER, traits: { plan: 'gold', 'old-key': true }, locale: 'de-DE' });
    const told = announced.length;
    await identify({ anonymousId: ANON, userId: USER, traits: { plan: 'gold' }, locale: 'de-DE' });
    expect(announced).toHaveLength(told);
    expect(await identify({ userId: USER, traits: { 'old-key': null } })).toMatchObject({
      profile: { traits: { plan: 'gold' }, locale: 'de-DE' },
    });
  });

  it('merges two existing profiles in one step and announces both', async () => {
    const { consent, identify, profiles, announced, clock } = setUp();
    await consent(USER, 'GRANTED');
    await identify({ userId: USER, traits: { plan: 'gold' } });
    await consent(ANON, 'GRANTED');
    clock.advance(1000);
    await identify({ anonymousId: ANON, traits: { plan: 'free', size: 'M' } });
    const [user, anonymous] = [await profiles.find(USER), await profiles.find(ANON)];
    announced.length = 0;

    const outcome = await identify({ anonymousId: ANON, userId: USER });

    expect(outcome).toMatchObject({
      status: 'IDENTIFIED',
      profile: { id: user?.id, aliases: [ANON, USER], traits: { plan: 'free', size: 'M' } },
    });
    expect(await profiles.find(ANON)).toEqual(await profiles.find(USER));
    expect(await rows('profiles')).toHaveLength(1);
    expect(announced).toEqual([`${user?.id}@3`, `${anonymous?.id}@3`]);
  });

  it('refuses an id that belongs to another user and changes nothing', async () => {
    const { consent, identify } = setUp();
    await consent(ANON, 'GRANTED');
    await identify({ anonymousId: ANON, userId: USER });
    const before = await rows('profiles');
    await expect(identify({ anonymousId: ANON, userId: visitorId('user-2') })).rejects.toMatchObject({ code: 'IDENTITY_CONFLICT' });
    expect(await rows('profiles')).toEqual(before);
  });

  it('forgets behaviour and traits when PERSONALIZATION is revoked', async () => {
    const { consent, identify, profiles } = setUp();
    await consent(ANON, 'GRANTED');
    await identify({ anonymousId: ANON, traits: { plan: 'gold' }, device: 'MOBILE' });
    expect(await consent(ANON, 'REVOKED')).toMatchObject({ profileKept: true, dataCleared: true });
    expect(await profiles.find(ANON)).toMatchObject({
      traits: {},
      traitTimes: {},
      device: null,
      aliases: [ANON],
      features: emptyFeatures(),
    });
    expect(JSON.stringify(await rows('profiles'))).not.toContain('gold');
  });

  it('carries an anonymous refusal that is newer over to the account without linking the two', async () => {
    const { consent, identify, profiles, clock } = setUp();
    await consent(USER, 'GRANTED');
    await identify({ userId: USER, traits: { plan: 'gold' } });
    clock.advance(1000);
    await consent(ANON, 'DENIED');
    expect(await identify({ anonymousId: ANON, userId: USER })).toEqual({ status: 'NO_CONSENT' });
    expect(await profiles.find(USER)).toMatchObject({ aliases: [USER], traits: {}, consent: { PERSONALIZATION: { status: 'DENIED' } } });
    expect(await profiles.find(ANON)).toBeNull();
  });

  it('merges whom somebody knows to be one, and half of nothing when that is refused', async () => {
    const { consent, identify, merge, profiles } = setUp();
    const other = visitorId('user-2');
    for (const id of [ANON, USER, other]) await consent(id, 'GRANTED');
    for (const userId of [USER, other]) await identify({ userId, traits: { of: userId } });
    await identify({ anonymousId: USER, userId: USER });
    expect(await merge.execute({ from: ANON, into: USER })).toMatchObject({ userId: USER, aliases: [ANON, USER] });
    expect(await profiles.find(ANON)).toEqual(await profiles.find(USER));
    const before = [await rows('profiles'), await rows('profile_aliases')];
    const refused = (from: typeof ANON, into: typeof ANON) => merge.execute({ from, into });
    const conflict = (reason: string) => ({ code: 'IDENTITY_CONFLICT', details: expect.objectContaining({ reason }) });
    await expect(refused(USER, USER)).rejects.toMatchObject(conflict('SELF'));
    await expect(refused(USER, ANON)).rejects.toMatchObject(conflict('CYCLE'));
    await expect(refused(ANON, other)).rejects.toMatchObject(conflict('OTHER_USER'));
    await expect(refused(visitorId('nobody'), other)).rejects.toMatchObject({ code: 'NOT_FOUND', details: { field: 'from' } });
    expect([await rows('profiles'), await rows('profile_aliases')]).toEqual(before);
  });

  it('loses nothing when many identifies of one person run at once', async () => {
    const { consent, identify, profiles } = setUp();
    const devices = Array.from({ length: 8 }, (_, i) => visitorId(`device-${i}`));
    await Promise.all(devices.map((id) => consent(id, 'GRANTED')));
    await Promise.all(devices.map((anonymousId, i) => identify({ anonymousId, userId: USER, traits: { [`t${i}`]: i } })));

    const person = await profiles.find(USER);
    expect(person?.aliases).toEqual([...devices, USER]);
    expect(person?.traits).toEqual(Object.fromEntries(devices.map((_, i) => [`t${i}`, i])));
    expect(await rows('profiles')).toHaveLength(1);
    expect((await rows('profile_aliases')).every((row) => row['profileId'] === person?.id)).toBe(true);
  });

  it('gives a stranger one profile however many calls create it at once', async () => {
    const { consent } = setUp();
    await Promise.all(Array.from({ length: 8 }, () => consent(ANON, 'GRANTED')));
    expect(await rows('profiles')).toHaveLength(1);
    expect(await rows('profile_aliases')).toHaveLength(1);
  });

  it('resolves every id to the person, the consent and the hashes of all ids', async () => {
    const { consent, identify } = setUp();
    await consent(ANON, 'GRANTED');
    await identify({ anonymousId: ANON, userId: USER });
    const refuser = visitorId('refuser');
    await consent(refuser, 'DENIED');
    const stranger = visitorId('stranger');
    const resolver = new IdentityResolver({ connection: mongo.connection(), hasher, sealer });

    const found = await mongo.inTransaction((session) => resolver.resolve(session, [ANON, USER, refuser, stranger, ANON]));

    expect(found.get(ANON)).toEqual({ ...found.get(USER), hashes: [hasher.hash(ANON), hasher.hash(USER)] }); // its own first
    expect(found.get(USER)?.hashes).toEqual([hasher.hash(USER), hasher.hash(ANON)]);
    expect(found.get(refuser)).toMatchObject({
      profileId: null,
      consent: { PERSONALIZATION: { status: 'DENIED' } },
      hashes: [hasher.hash(refuser)],
    });
    expect(found.get(stranger)).toEqual({ profileId: null, consent: {}, hashes: [hasher.hash(stranger)], segmentId: null });
  });
});
