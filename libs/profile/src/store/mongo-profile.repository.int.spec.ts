import { createConnection } from 'mongoose';
import { visitorId } from '@vitrine/kernel';
import { createPersonalSealer, runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { emptyFeatures } from '../domain/features/feature-catalogue';
import { newProfile } from '../domain/profile';
import type { Profile } from '../domain/types';
import { CachedProfileReader } from './cached-profile-reader';
import { MongoProfileRepository } from './mongo-profile.repository';
import { MongoProfileScan } from './mongo-profile-scan';
import { profileMigrations } from './profile.migrations';
import { createVisitorHasher } from './visitor-hasher';

const hasher = createVisitorHasher(new Uint8Array(32));
const sealer = createPersonalSealer([{ id: 1, key: new Uint8Array(32) }]);

describe('MongoProfileRepository', () => {
  const mongo = useMongo();
  beforeAll(() => runMigrations(mongo.connection(), profileMigrations));
  afterEach(() => mongo.clear());

  const setUp = () => {
    const clock = fakeClock();
    const profiles = new MongoProfileRepository({ connection: mongo.connection(), hasher, sealer, clock, loadRefusals: false });
    const insert = async (id: string, over: Partial<Profile> = {}, seenAt: number | null = null): Promise<Profile> => {
      const alias = visitorId(`alias-${id}`);
      const profile = {
        ...newProfile({ id, alias, userId: null, nowMs: clock.now() }),
        ...over,
        features: { ...emptyFeatures(), visit: { ...emptyFeatures().visit, lastSeenAt: seenAt } },
      };
      await profiles.transaction((tx) => tx.save({ profile, previousVersion: null, claimed: profile.aliases }));
      return profile;
    };
    return { clock, profiles, insert };
  };

  it('gives back exactly what was saved, whatever keys visitors chose', async () => {
    const { profiles, insert } = setUp();
    const saved = await insert('p1', {
      traits: { plan: 'gold', n: 1.5, on: false },
      traitTimes: { plan: 1, n: 2, on: 3, cleared: 4 },
      consent: { ANALYTICS: { status: 'GRANTED', at: 5, source: 's' } },
      segment: { segmentId: 'seg-1', modelVersion: 2 },
    });
    const features = {
      ...emptyFeatures(),
      interest: { ...emptyFeatures().interest, categories: ['', '$set', '__proto__', 'a.b'].map((key) => ({ key, value: 1.25, at: 7 })) },
      exposure: { banners: [], campaigns: [{ key: 'c.1', at: [1, 2, 3] }] },
      visit: { ...emptyFeatures().visit, history: { ...emptyFeatures().visit.history, recent: [{ from: 1, to: 2, events: 2 }] } },
    };
    const next = { ...saved, features, version: 2 };
    await profiles.transaction((tx) => tx.save({ profile: next, previousVersion: 1, claimed: [] }));
    expect(await profiles.find(visitorId('alias-p1'))).toEqual(next);
  });

  it('does not replace a version other than the one it was given', async () => {
    const { profiles, insert } = setUp();
    const saved = await insert('p1');
    let attempts = 0;
    const stale = profiles.transaction(async (tx) => {
      attempts += 1;
      if (attempts === 3) throw new RangeError('enough');
      await tx.save({ profile: { ...saved, version: 9 }, previousVersion: 8, claimed: [] });
    });
    await expect(stale).rejects.toThrow('enough');
    expect(await profiles.find(visitorId('alias-p1'))).toEqual(saved);
  });

  it('serves a cache that sees changes by announcement and by catching up', async () => {
    const { profiles, insert, clock } = setUp();
    const saved = await insert('p1');
    const alias = visitorId('alias-p1');
    const reader = new CachedProfileReader({ source: profiles, clock }, { deadlineMs: 5_000 });
    const write = (version: number) =>
      profiles.transaction((tx) =>
        tx.save({ profile: { ...saved, version, updatedAt: clock.now() }, previousVersion: version - 1, claimed: [] }),
      );
    const version = async () => {
      const read = await reader.read(alias);
      return read.status === 'found' ? read.profile.version : read.status;
    };
    expect(await version()).toBe(1);
    await write(2);
    expect(await version()).toBe(1);
    reader.invalidate('p1', 2);
    expect(await version()).toBe(2);
    clock.advance(500);
    await write(3);
    await reader.catchUp();
    expect(await version()).toBe(3);
  });

  it('answers unavailable within the deadline when nothing listens where Mongo should be', async () => {
    const connection = createConnection('mongodb://127.0.0.1:1/none', {
      serverSelectionTimeoutMS: 200,
      bufferCommands: false,
      autoIndex: false,
      autoCreate: false,
    });
    connection.on('error', () => undefined);
    const clock = fakeClock();
    const profiles = new MongoProfileRepository({ connection, hasher, sealer, clock, loadRefusals: false });
    const reader = new CachedProfileReader({ source: profiles, clock });
    for (let i = 0; i < 10; i++) expect(await reader.read(visitorId(`v${i}`))).toEqual({ status: 'unavailable' });
    await connection.asPromise().catch(() => undefined);
    await connection.destroy();
  });

  it('walks all profiles in order and stores segments only where nothing changed in between', async () => {
    const { insert, clock, profiles } = setUp();
    for (const id of ['a', 'b', 'c']) await insert(id);
    const scan = new MongoProfileScan({ connection: mongo.connection(), clock });
    const first = await scan.page(null, 2);
    const rest = await scan.page('b', 2);
    expect([...first, ...rest].map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    const segment = { segmentId: 'seg-1', modelVersion: 4 };
    expect(
      await scan.assign([
        { profileId: 'a', version: 1, segment },
        { profileId: 'b', version: 7, segment },
      ]),
    ).toBe(1);
    expect(await profiles.find(visitorId('alias-a'))).toMatchObject({ segment, version: 2 });
    expect(await profiles.find(visitorId('alias-b'))).toMatchObject({ segment: null, version: 1 });
  });
});
