import { visitorId } from '@vitrine/kernel';
import { createPersonalSealer, runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { emptyFeatures } from '../domain/features/feature-catalogue';
import { newProfile } from '../domain/profile';
import type { Consent } from '../domain/types';
import { ExpireProfiles } from './expire-profiles';
import { MongoProfileRepository } from './mongo-profile.repository';
import { profileMigrations } from './profile.migrations';
import { createVisitorHasher } from './visitor-hasher';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;

describe('profiles of people who were not seen for long', () => {
  const mongo = useMongo();
  const key = new Uint8Array(32);
  const deps = () => ({ connection: mongo.connection(), hasher: createVisitorHasher(key), sealer: createPersonalSealer([{ id: 1, key }]) });

  it('go with their ids; whoever came, or came back, stays', async () => {
    await runMigrations(mongo.connection(), profileMigrations);
    const clock = fakeClock(NOW);
    const profiles = new MongoProfileRepository({ ...deps(), clock, loadRefusals: false });
    const expiry = new ExpireProfiles({ connection: mongo.connection(), clock, keptDays: 400 });
    const people = [
      { name: 'old', nowMs: NOW - 500 * DAY, seen: NOW - 401 * DAY },
      { name: 'back', nowMs: NOW - 500 * DAY, seen: NOW - 399 * DAY },
      { name: 'new', nowMs: NOW - 1 * DAY, seen: null },
    ];
    for (const { name, nowMs, seen } of people) {
      const profile = newProfile({ id: `p-${name}`, alias: visitorId(name), userId: null, nowMs });
      const refused: Consent = name === 'old' ? { ANALYTICS: { status: 'DENIED', at: 1, source: 'test' } } : {};
      const features = { ...emptyFeatures(), visit: { ...emptyFeatures().visit, lastSeenAt: seen } };
      await profiles.transaction((tx) =>
        tx.save({ profile: { ...profile, features, consent: refused }, previousVersion: null, claimed: profile.aliases }),
      );
    }
    expect(await expiry.execute()).toEqual([{ id: 'p-old', revision: 2 }]);
    expect(await expiry.execute()).toEqual([]);
    expect(await Promise.all(people.map(async ({ name }) => (await profiles.find(visitorId(name)))?.id ?? null))).toEqual([
      null,
      'p-back',
      'p-new',
    ]);
    const { recordedConsent } = await profiles.transaction((tx) => tx.known([visitorId('old')]));
    expect(recordedConsent).toMatchObject({ ANALYTICS: { status: 'DENIED' } });
    expect(await mongo.connection().collection('profile_aliases').countDocuments({ profileId: 'p-old' })).toBe(0);
  });
});
