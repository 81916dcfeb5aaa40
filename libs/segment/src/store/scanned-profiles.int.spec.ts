import { visitorId } from '@vitrine/kernel';
import { MongoLearnedEvents, MongoProfileScan, newProfile, SEGMENT_FEATURE_NAMES, type Consent } from '@vitrine/profile';
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
});
