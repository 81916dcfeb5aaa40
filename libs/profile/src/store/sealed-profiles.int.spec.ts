import { visitorId } from '@vitrine/kernel';
import { createPersonalSealer, resealPersonal, runMigrations, type PersonalSealer } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { newProfile } from '../domain/profile';
import type { Profile } from '../domain/types';
import { MongoProfileRepository } from './mongo-profile.repository';
import { PROFILES } from './personal-fields';
import { toAnonymousProfile } from './profile.mapper';
import { profileMigrations } from './profile.migrations';
import { sealedProfilesMigration } from './sealed-profiles.migration';
import { createVisitorHasher } from './visitor-hasher';

const key = (id: number) => ({ id, key: new Uint8Array(32).fill(id) });
const hasher = createVisitorHasher(new Uint8Array(32));
const sealer = createPersonalSealer([key(1)]);
const [ANNA, DEVICE] = [visitorId('anna@example.org'), visitorId('device-7f3a')];
const PERSON: Profile = {
  ...newProfile({ id: 'p1', alias: ANNA, userId: ANNA, nowMs: 5 }),
  aliases: [ANNA, DEVICE],
  traits: { town: 'Zwickau', age: 41 },
  traitTimes: { town: 1, age: 2, cleared: 3 },
  device: 'MOBILE',
  locale: 'de-DE',
};

describe('profiles at rest', () => {
  const mongo = useMongo();
  beforeEach(() => mongo.clear());

  const repository = (by: PersonalSealer) =>
    new MongoProfileRepository({ connection: mongo.connection(), hasher, sealer: by, clock: fakeClock(), loadRefusals: false });
  const rows = async () =>
    JSON.stringify(
      await Promise.all([PROFILES, 'profile_aliases', 'consents'].map((name) => mongo.connection().collection(name).find().toArray())),
    );
  const insert = (profile: Profile, by = sealer) =>
    repository(by).transaction((tx) => tx.save({ profile, previousVersion: null, claimed: profile.aliases }));

  it('show nobody’s ids, traits, device or locale, and are found by any id', async () => {
    await insert(PERSON);
    for (const sign of [ANNA, DEVICE, 'Zwickau', '"town"', 'MOBILE', 'de-DE']) expect(await rows()).not.toContain(sign);
    expect(await repository(sealer).find(ANNA)).toEqual(PERSON);
    expect(await repository(sealer).find(DEVICE)).toEqual(PERSON);
    expect(await repository(sealer).changedSince(0, 10)).toEqual([{ id: 'p1', version: 1, aliases: [ANNA, DEVICE], updatedAt: 5 }]);
  });

  it('cannot be given each other’s content', async () => {
    await insert(PERSON);
    const other = { ...newProfile({ id: 'p2', alias: visitorId('berta'), userId: null, nowMs: 5 }) };
    await insert(other);
    const stored = mongo.connection().collection<{ _id: string; personal: unknown }>(PROFILES);
    const anna = await stored.findOne({ _id: 'p1' });
    await stored.updateOne({ _id: 'p2' }, { $set: { personal: anna?.personal } });
    await expect(repository(sealer).find(visitorId('berta'))).rejects.toMatchObject({ code: 'PERSONAL_DATA_UNREADABLE' });
  });

  it('are sealed again under a new key, after which the old one is not needed', async () => {
    const people = Array.from({ length: 25 }, (_, i) => newProfile({ id: `p${i}`, alias: visitorId(`v${i}`), userId: null, nowMs: i }));
    for (const profile of people) await insert(profile);
    const rotating = createPersonalSealer([key(2), key(1)]);
    await insert(newProfile({ id: 'new', alias: visitorId('new'), userId: null, nowMs: 9 }), rotating);
    const reseal = (by: PersonalSealer) => resealPersonal({ connection: mongo.connection(), sealer: by, collection: PROFILES }, 10);
    const lost = { code: 'PERSONAL_KEY_UNKNOWN', details: { collection: PROFILES, keyId: 1 } };
    const after = createPersonalSealer([key(2)]);
    await expect(reseal(after)).rejects.toMatchObject(lost);
    await expect(repository(after).find(visitorId('v3'))).rejects.toMatchObject(lost);

    expect([await reseal(rotating), await reseal(rotating), await reseal(rotating), await reseal(rotating)]).toEqual([10, 10, 5, 0]);

    for (const profile of people) expect(await repository(after).find(profile.aliases[0] ?? ANNA)).toEqual(profile);
    expect(await repository(after).find(visitorId('new'))).toMatchObject({ id: 'new' });
    expect(await reseal(after)).toBe(0);
  });

  it('keep what is written while they are sealed again', async () => {
    await insert(PERSON);
    const rotating = createPersonalSealer([key(2), key(1)]);
    const moved = { ...PERSON, traits: { town: 'Aue' }, version: 2 };
    const stored = mongo.connection().collection(PROFILES);
    const bulkWrite = stored.bulkWrite.bind(stored);
    const collection = jest.spyOn(mongo.connection(), 'collection').mockReturnValueOnce(stored);
    jest.spyOn(stored, 'bulkWrite').mockImplementationOnce(async (...args: Parameters<typeof bulkWrite>) => {
      await repository(sealer).transaction((tx) => tx.save({ profile: moved, previousVersion: 1, claimed: [] }));
      return bulkWrite(...args);
    });
    expect(await resealPersonal({ connection: mongo.connection(), sealer: rotating, collection: PROFILES }, 10)).toBe(1);
    collection.mockRestore();
    expect(await repository(rotating).find(ANNA)).toEqual(moved);
  });

  it('that lay open are sealed by processes that migrate together, and learn nothing twice', async () => {
    const connection = mongo.connection();
    const open = Array.from({ length: 230 }, (_, i) => {
      const profile = { ...PERSON, id: `old-${i}`, aliases: [visitorId(`open-${i}`), visitorId(`other-${i}`)] };
      const {
        id,
        traits: _traits,
        traitTimes: _times,
        ...row
      } = { ...toAnonymousProfile({ ...profile, _id: profile.id, seenAt: 0, facts: {} }), ...profile };
      const traits = [
        { key: 'age', at: 2, value: 41 },
        { key: 'cleared', at: 3 },
        { key: 'town', at: 1, value: 'Zwickau' },
      ];
      return { profile, row: { ...row, _id: id, traits, seenAt: 0 } };
    });
    await connection.collection<{ _id: string }>(PROFILES).insertMany(open.map(({ row }) => row));
    const aliases = connection.collection<{ _id: string; profileId: string }>('profile_aliases');
    await aliases.insertMany(open.flatMap(({ profile }) => profile.aliases.map((id) => ({ _id: id, profileId: profile.id }))));
    const migrations = [...profileMigrations, sealedProfilesMigration({ hasher, sealer })];

    await Promise.all([runMigrations(connection, migrations), runMigrations(connection, migrations)]);
    await sealedProfilesMigration({ hasher, sealer }).up(connection);

    for (const sign of ['open-', 'other-', 'Zwickau', '"aliases"', '"traits"']) expect(await rows()).not.toContain(sign);
    expect(await aliases.countDocuments()).toBe(460);
    for (const { profile } of open) expect(await repository(sealer).find(profile.aliases[1] ?? ANNA)).toEqual(profile);
  });
});
