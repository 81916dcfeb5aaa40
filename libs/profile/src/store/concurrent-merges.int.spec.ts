import { visitorId, type VisitorId } from '@vitrine/kernel';
import { createPersonalSealer, newUuid, runMigrations } from '@vitrine/platform';
import { fakeClock, useMongo } from '@vitrine/testing';
import { Identify } from '../application/identify';
import { applyEvents, emptyFeatures, readFeatures } from '../domain/features/feature-catalogue';
import { aProfileEvent } from '../domain/profile-event.fixture';
import type { ProfileEvent } from '../domain/profile-event';
import { newProfile } from '../domain/profile';
import { MongoProfileRepository } from './mongo-profile.repository';
import { fromProfile } from './profile.mapper';
import { profileMigrations } from './profile.migrations';
import { createVisitorHasher } from './visitor-hasher';

const PEOPLE = 20;
const DEVICES = 50;
const T = Date.UTC(2026, 0, 5, 12);
const hasher = createVisitorHasher(new Uint8Array(32).fill(3));
const sealer = createPersonalSealer([{ id: 1, key: new Uint8Array(32) }]);
const consent = { PERSONALIZATION: { status: 'GRANTED', at: 1, source: 'spec' } } as const;

const user = (person: number): VisitorId => visitorId(`user-${person}`);
const device = (person: number, i: number): VisitorId => visitorId(`device-${person}-${i}`);
/** What was done on a device: different on each, some at the same moment as on another. */
const eventsOf = (person: number, i: number): readonly ProfileEvent[] =>
  Array.from({ length: 1 + ((person + i) % 4) }, (_, k) =>
    aProfileEvent({ type: 'PRODUCT_VIEW', category: `c${(i + k) % 5}`, productId: `p${i}`, occurredAt: T + (i % 7) * 60_000 + k }),
  );

describe('a thousand merges at once', () => {
  const mongo = useMongo();
  const clock = fakeClock(T);

  async function storeDevices(): Promise<void> {
    const connection = mongo.connection();
    const profiles = Array.from({ length: PEOPLE }, (_, person) =>
      Array.from({ length: DEVICES }, (__, i) => ({
        ...newProfile({ id: `profile-${person}-${i}`, alias: device(person, i), userId: null, nowMs: T }),
        consent,
        features: applyEvents(emptyFeatures(), eventsOf(person, i)),
      })),
    ).flat();
    await connection.collection<{ _id: string }>('profiles').insertMany(profiles.map((profile) => ({ ...fromProfile(profile, sealer) })));
    await connection
      .collection<{ _id: string; profileId: string }>('profile_aliases')
      .insertMany(profiles.flatMap(({ id, aliases }) => aliases.map((alias) => ({ _id: hasher.hash(alias), profileId: id }))));
  }

  it('lose no id, no event and no profile, and leave one per person', async () => {
    await runMigrations(mongo.connection(), profileMigrations);
    await storeDevices();
    const changes = { saved: () => undefined, removed: () => undefined, consentRecorded: () => undefined };
    const gateway = () => {
      const profiles = new MongoProfileRepository({ connection: mongo.connection(), hasher, sealer, clock, loadRefusals: false });
      const identify = new Identify({ profiles, changes, clock, newId: () => newUuid(clock), consentDefault: 'DENIED' });
      return { profiles, identify };
    };
    const [one, other] = [gateway(), gateway()]; // two processes, for all that they share
    const { profiles } = one;
    const nothing = { caller: { kind: 'server' }, traits: undefined, device: undefined, locale: undefined } as const;
    const merges = Array.from({ length: DEVICES }, (_, i) =>
      Array.from({ length: PEOPLE }, (__, person) =>
        (i % 2 === 0 ? one : other).identify.execute({ ...nothing, userId: user(person), anonymousId: device(person, i) }),
      ),
    ).flat();
    expect(merges).toHaveLength(1_000);
    const outcomes = await Promise.all(merges);
    expect(outcomes.every(({ status }) => status === 'IDENTIFIED')).toBe(true);

    expect(await mongo.connection().collection('profiles').countDocuments()).toBe(PEOPLE);
    expect(await mongo.connection().collection('profile_aliases').countDocuments()).toBe(PEOPLE * (DEVICES + 1));
    for (let person = 0; person < PEOPLE; person++) {
      const ids = Array.from({ length: DEVICES }, (_, i) => device(person, i));
      const merged = await profiles.find(user(person));
      expect(merged?.aliases).toEqual([...ids, user(person)].sort());
      for (const id of [ids[0], ids[DEVICES - 1]]) expect((await profiles.find(id ?? user(person)))?.id).toBe(merged?.id);
      const whole = applyEvents(
        emptyFeatures(),
        ids.flatMap((_, i) => eventsOf(person, i)),
      );
      const expected = readFeatures(whole, T);
      for (const [name, value] of readFeatures(merged?.features ?? emptyFeatures(), T))
        expect([name, rounded(value)]).toEqual([name, rounded(expected.get(name))]);
    }
  });
});

/** Numbers to nine digits: decayed sums differ in the last bits with the order in which they were added. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (_key, part: unknown) =>
    typeof part === 'number' ? Number(part.toPrecision(9)) : part,
  );
}
