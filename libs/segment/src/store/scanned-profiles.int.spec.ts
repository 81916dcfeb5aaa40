import { visitorId } from '@vitrine/kernel';
import {
  applyEvents,
  emptyFeatures,
  encodeSegmentFeatures,
  MongoLearnedEvents,
  MongoProfileScan,
  newProfile,
  SEGMENT_FEATURE_NAMES,
  type Consent,
  type Profile,
  type ProfileEvent,
  type Purpose,
} from '@vitrine/profile';
import { fakeClock, useMongo } from '@vitrine/testing';
import type { ProfileSlice } from '../application/training-ports';
import { ScannedProfiles } from './scanned-profiles';

const said = (status: 'GRANTED' | 'DENIED') => ({ status, at: 1, source: 'test' });

describe('ScannedProfiles', () => {
  const mongo = useMongo();
  const clock = fakeClock();
  const agreed: Consent = { ANALYTICS: said('GRANTED'), TRAINING: said('GRANTED') };

  async function store(count: number, consentOf: (at: number) => Consent): Promise<void> {
    const rows = Array.from({ length: count }, (_, at) => {
      const id = `profile-${String(at).padStart(5, '0')}`;
      const profile = newProfile({ id, alias: visitorId(id), userId: null, nowMs: clock.now() });
      const { features } = profile;
      return { ...profile, _id: id, consent: consentOf(at), features, traits: [], clientAt: 0, seenAt: 0, version: 1 };
    });
    await mongo.connection().collection<{ _id: string }>('profiles').insertMany(rows);
  }
  function build(consentDefault: 'GRANTED' | 'DENIED' = 'DENIED') {
    return new ScannedProfiles({
      scan: new MongoProfileScan({ connection: mongo.connection(), clock }),
      events: new MongoLearnedEvents(mongo.connection()),
      consentDefault,
    });
  }
  async function read(profiles: ScannedProfiles, slice: Partial<ProfileSlice>) {
    const rows = [];
    for await (const row of profiles.read({ partition: 0, partitions: 1, purpose: 'TRAINING', after: null, asOf: clock.now(), ...slice }))
      rows.push(row);
    return rows;
  }
  beforeEach(() => mongo.clear());

  it('reads every profile in exactly one partition, in order, across pages', async () => {
    await store(1_203, () => agreed);
    const parts = await Promise.all([0, 1, 2].map((partition) => read(build(), { partition, partitions: 3 })));
    const ids = parts.map((rows) => rows.map(({ profileId }) => profileId));
    expect(ids.map((list) => list.toSorted())).toEqual(ids);
    expect(new Set(ids.flat()).size).toBe(1_203);
    expect(ids.flat()).toHaveLength(1_203);
    expect(parts[0]?.[0]?.features).toHaveLength(SEGMENT_FEATURE_NAMES.length);
  });

  it('gives only those who agreed to the purpose, silence meaning what the deployment says', async () => {
    const kinds: readonly Consent[] = [agreed, { PERSONALIZATION: said('GRANTED'), TRAINING: said('DENIED') }, {}];
    await store(30, (at) => kinds[at % 3] ?? {});
    expect(await read(build(), {})).toHaveLength(10);
    expect(await read(build(), { purpose: 'PERSONALIZATION' })).toHaveLength(10);
    expect(await read(build('GRANTED'), {})).toHaveLength(20);
  });

  it('gives nobody who takes back what a profile is kept for, though training was allowed and never taken back', async () => {
    const left: Consent = { ANALYTICS: said('DENIED'), PERSONALIZATION: said('DENIED'), TRAINING: said('GRANTED') };
    await store(4, (at) => (at === 0 ? agreed : left));
    for (const byDefault of ['DENIED', 'GRANTED'] as const) {
      expect((await read(build(byDefault), {})).map(({ profileId }) => profileId)).toEqual(['profile-00000']);
    }
  });

  it('resumes behind a profile', async () => {
    await store(20, () => agreed);
    expect((await read(build(), { after: 'profile-00016' })).map(({ profileId }) => profileId)).toEqual([
      'profile-00017',
      'profile-00018',
      'profile-00019',
    ]);
  });

  it('stores segments on the version that was read and on no other', async () => {
    await store(2, () => agreed);
    const assignment = { segmentId: 'seg-1', modelVersion: 4 };
    await build().assign([
      { ...assignment, profileId: 'profile-00000', profileVersion: 1 },
      { ...assignment, profileId: 'profile-00001', profileVersion: 7 },
    ]);
    const rows = await mongo
      .connection()
      .collection<{ _id: string; segment: unknown }>('profiles')
      .find({}, { sort: { _id: 1 } })
      .toArray();
    expect(rows.map((row) => row.segment)).toEqual([assignment, null]);
  });

  describe('of people whose consent changed', () => {
    const DAY = 86_400_000;
    const T = Date.UTC(2026, 0, 1);
    const words = (...list: readonly (readonly [at: number, status: 'GRANTED' | 'REVOKED'])[]): Consent => {
      const entries = list.map(([at, status]) => ({ at, status, source: 'test' }));
      const last = entries.pop() ?? { at: 0, status: 'GRANTED' as const, source: 'test' };
      const entry = entries.length === 0 ? last : { ...last, before: entries };
      return { ANALYTICS: said('GRANTED'), PERSONALIZATION: said('GRANTED'), TRAINING: entry };
    };
    const purchase = (occurredAt: number): ProfileEvent => ({
      ...{ type: 'PURCHASE', occurredAt, category: null, productId: `p${occurredAt}`, valueMinor: 9_900, dwellMs: null, scrollDepth: null },
      ...{ device: null, campaignId: null, bannerId: null, throughBanner: false },
    });

    /** A profile that summed up all of these, each with whether it could be used for training when it came. */
    async function person(id: string, consent: Consent, events: readonly (readonly [ProfileEvent, boolean])[]): Promise<void> {
      const first = Math.min(...events.map(([event]) => event.occurredAt));
      const profile = newProfile({ id, alias: visitorId(id), userId: null, nowMs: first });
      const summed = events.map(([event]) => event);
      const features = applyEvents(emptyFeatures(), summed);
      const db = mongo.connection();
      await db.collection<{ _id: string }>('profiles').insertOne(rowOf({ ...profile, consent, features }, id));
      await db.collection<{ _id: string }>('profile_aliases').insertOne(aliasOf(hashOf(id), id));
      const rows = events.map(([event, trainable]) => {
        const purposes: Purpose[] = trainable ? ['ANALYTICS', 'PERSONALIZATION', 'TRAINING'] : ['ANALYTICS', 'PERSONALIZATION'];
        return { visitorHash: hashOf(id), event, purposes, at: new Date(event.occurredAt) };
      });
      await db.collection('profile_events').insertMany(rows);
    }
    const rowOf = (profile: Profile, _id: string) => ({ ...profile, _id, traits: [], clientAt: 0, seenAt: 0, version: 1 });
    const aliasOf = (_id: string, profileId: string) => ({ _id, profileId });
    const hashOf = (id: string): string => Buffer.from(id).toString('hex').padEnd(32, '0');
    const asOf = T + 30 * DAY;
    const plain = (...events: readonly ProfileEvent[]) => encodeSegmentFeatures({ features: applyEvents(emptyFeatures(), events) }, asOf);
    const [early, late] = [purchase(T), purchase(T + 10 * DAY)];

    it('uses all that was summed up of somebody who allowed training throughout', async () => {
      await person('always', words([T - DAY, 'GRANTED']), [
        [early, true],
        [late, true],
      ]);
      const [row] = await read(build(), { asOf });
      expect(row?.features).toEqual(plain(early, late));
    });

    it('leaves out what was learned before training was allowed', async () => {
      await person('later', words([T + 5 * DAY, 'GRANTED']), [
        [early, false],
        [late, true],
      ]);
      const [row] = await read(build(), { asOf });
      expect(row?.features).toEqual(plain(late));
      expect(row?.features).not.toEqual(plain(early, late));
    });

    it('leaves out what was learned while training was taken back, though it is allowed again', async () => {
      await person('again', words([T - DAY, 'GRANTED'], [T + 5 * DAY, 'REVOKED'], [T + 20 * DAY, 'GRANTED']), [
        [early, true],
        [late, false],
      ]);
      const [row] = await read(build(), { asOf });
      expect(row?.features).toEqual(plain(early));
    });

    it('assigns by all that was summed up: that is what it was learned for', async () => {
      await person('later', words([T + 5 * DAY, 'GRANTED']), [
        [early, false],
        [late, true],
      ]);
      const [row] = await read(build(), { asOf, purpose: 'PERSONALIZATION' });
      expect(row?.features).toEqual(plain(early, late));
      expect(row?.history).toBeNull();
    });

    it('gives what somebody did in their window, of what training may see, and none to whoever has no window', async () => {
      await person('one', words([T - DAY, 'GRANTED']), [
        [early, true],
        [late, true],
      ]);
      await person('two', words([T + 5 * DAY, 'GRANTED']), [
        [early, true],
        [late, false],
      ]);
      await person('three', words([T - DAY, 'GRANTED']), [[early, true]]);
      const window = { from: T + 9 * DAY, until: T + 12 * DAY };
      const rows = await read(build(), { asOf, windowOf: (id) => (id === 'three' ? null : window) });
      const histories = new Map(rows.map(({ profileId, history }) => [profileId, history]));
      expect(histories.get('one')?.responded).toBe(true);
      expect(histories.get('one')?.features).toHaveLength(SEGMENT_FEATURE_NAMES.length);
      expect([histories.get('two'), histories.get('three')]).toEqual([null, null]);
    });
  });
});
