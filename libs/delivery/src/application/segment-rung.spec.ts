import { LearnedState } from '@vitrine/bandit';
import { featureDimension } from '@vitrine/catalog';
import { dequantise } from '@vitrine/feedback';
import { campaignId, invariant, rngFromNumber, visitorId, type BannerId } from '@vitrine/kernel';
import { encodeSegmentFeatures, type Profile, type ProfileRead } from '@vitrine/profile';
import { compilePolicy, type ServablePolicy } from '../domain/servable-policy';
import type { DecisionRecord } from '../domain/types';
import {
  aProfile,
  aSegmentModel,
  aVersion,
  eligibleBanners,
  EMBEDDING_FEATURES,
  NOON,
  PERSONAL_FEATURES,
  weightedPolicy,
} from '../fixtures';
import { aRequest, pageBench } from '../page-fixtures';
import { ReplayDecision } from './replay-decision';

const ANNA = visitorId('anna');
const AWAY: ProfileRead = { status: 'unavailable' };
const FEATURES = [...PERSONAL_FEATURES, ...EMBEDDING_FEATURES];
const VERSION = aVersion({
  policy: { name: 'linear-thompson', params: {}, floor: 0.05 },
  features: FEATURES,
  dimension: featureDimension(FEATURES),
});
const POLICY = compilePolicy(VERSION);
/** What a step of a quantised context can hold. */
const LARGEST = 127 / 32;
const [SEGMENT_AT, SEGMENT_BUCKETS, EMBEDDING_AT] = [8, 4, 12];

/** Statistics under which every dimension of the context moves the distribution. */
function learnedStatistics(): ReadonlyMap<BannerId, Float64Array> {
  const rng = rngFromNumber(3);
  const { family } = POLICY.policy;
  const context = new Float64Array(VERSION.dimension);
  return new Map(
    eligibleBanners(6).map(({ banner }) => {
      const values = new Float64Array(family.length);
      for (let trial = 0; trial < 50; trial++) {
        context.forEach((_, d) => (context[d] = d === 0 ? 1 : 2 * rng() - 1));
        family.fold(values, { kind: 'TRIAL', before: 0, propensity: 1, at: NOON, key: 0, context, reward: rng() });
      }
      return [banner.id, values] as const;
    }),
  );
}

function servable(): ServablePolicy {
  return { ...POLICY, state: LearnedState.of({ policy: POLICY.policy, revision: 7, statistics: learnedStatistics() }) };
}

function setUp() {
  const bench = pageBench();
  bench.policy = servable();
  bench.model = aSegmentModel();
  const decide = async (profile: ProfileRead): Promise<DecisionRecord> => {
    bench.profile = profile;
    await bench.page.execute(aRequest({ visitorId: ANNA }));
    const record = bench.logged.at(-1);
    invariant(record !== undefined, 'it was decided');
    return record;
  };
  return { bench, decide };
}

const found = (over: Partial<Profile> = {}): ProfileRead => ({ status: 'found', profile: aProfile(over) });
const consent = (status: 'GRANTED' | 'REVOKED') => ({ PERSONALIZATION: { status, at: NOON, source: 'spec' } });

function contextOf({ steps }: DecisionRecord): readonly number[] {
  const context = new Float64Array(steps.length);
  dequantise(steps, context);
  return Array.from(context);
}
const segmentOf = (record: DecisionRecord) => contextOf(record).slice(SEGMENT_AT, SEGMENT_AT + SEGMENT_BUCKETS);
const embeddingOf = (record: DecisionRecord) => contextOf(record).slice(EMBEDDING_AT);

const REQUEST_ALONE = {
  ladderStep: 'SEGMENT',
  degraded: true,
  consentTier: 'CONTEXT_ONLY',
  visitorHash: null,
  segmentId: null,
  segmentModelVersion: null,
} as const;

describe('a profile that can be read', () => {
  it('stays in the stored segment of the live model, at the coordinates of now', async () => {
    const { bench, decide } = setUp();
    const record = await decide(found({ segment: { segmentId: 'seg-2', modelVersion: 4 } }));
    expect(record).toMatchObject({ ladderStep: 'PERSONAL', segmentId: 'seg-2', segmentModelVersion: 4, degraded: false });
    const now = encodeSegmentFeatures(aProfile(), NOON);
    embeddingOf(record).forEach((value, i) => expect(value).toBeCloseTo(Math.min(now[i] ?? Number.NaN, LARGEST), 1));
    expect(bench.asked.at(-1)?.segment).toBe('seg-2'); // what audience rules see
  });

  it('is placed only where a policy reads coordinates, once for the whole page', async () => {
    const { bench, decide } = setUp();
    const model = aSegmentModel();
    const place = jest.fn(model.place);
    bench.model = { ...model, place };
    const member = found({ segment: { segmentId: 'seg-2', modelVersion: 4 } });
    await decide(member);
    expect(place).toHaveBeenCalledTimes(1); // two coordinates are read
    bench.policy = weightedPolicy(() => 1);
    expect(await decide(member)).toMatchObject({ segmentId: 'seg-2' });
    expect(place).toHaveBeenCalledTimes(1);
    await decide(found());
    expect(place).toHaveBeenCalledTimes(2); // nobody else can say the segment of somebody new
  });

  it.each([
    ['somebody new', null],
    ['somebody of a model that is gone', { segmentId: 'seg-2', modelVersion: 3 }],
  ])('is placed by the live model when it is of %s', async (_who, segment) => {
    const { bench, decide } = setUp();
    expect(await decide(found({ segment }))).toMatchObject({ segmentId: 'seg-1', segmentModelVersion: 4 });
    expect(bench.asked.at(-1)?.segment).toBe('seg-1');
  });

  it('has neither segment nor coordinates without a live model', async () => {
    const { bench, decide } = setUp();
    bench.model = null;
    const record = await decide(found({ segment: { segmentId: 'seg-2', modelVersion: 4 } }));
    expect(record).toMatchObject({ segmentId: null, segmentModelVersion: null });
    expect([...segmentOf(record), ...embeddingOf(record)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(bench.remembered.size).toBe(0);
  });
});

describe('a profile that cannot be read', () => {
  it('is decided for by the live policy on the remembered segment and its middle', async () => {
    const { bench, decide } = setUp();
    const known = await decide(found({ segment: { segmentId: 'seg-2', modelVersion: 4 } }));
    const record = await decide(AWAY);
    expect(record).toMatchObject({ ladderStep: 'SEGMENT', degraded: true, segmentId: 'seg-2', segmentModelVersion: 4, stateRevision: 7 });
    expect(record).toMatchObject({ consentTier: 'PERSONALIZED', visitorHash: known.visitorHash });
    expect(known.visitorHash).not.toBeNull();
    expect(segmentOf(record)).toEqual(segmentOf(known));
    expect(embeddingOf(record)).toEqual([-2, 3]);
    expect(contextOf(record).slice(4, SEGMENT_AT)).toEqual([0, 0, 0, 0]); // traits, interests and behaviour
    const asked = bench.asked.at(-1);
    expect(asked).toMatchObject({ segment: 'seg-2', traits: {} });
    expect(asked?.exposures(campaignId('camp'), 86_400_000)).toBe(0);
  });

  it('has a record that gives the same distribution and slots again, and another one than without the segment', async () => {
    const { bench, decide } = setUp();
    const without = await decide(AWAY);
    await decide(found());
    const record = await decide(AWAY);
    expect(record.distribution).not.toEqual(without.distribution);
    const arms = Array.from(learnedStatistics(), ([bannerId, statistics]) => ({ bannerId, statistics }));
    const replay = new ReplayDecision({
      decisions: { find: async () => record },
      pastStates: { at: async () => ({ status: 'FOUND', arms, prior: null }) },
      policyVersions: { find: async () => VERSION },
      identities: { at: async () => null },
    });
    expect(await replay.replay(record)).toMatchObject({ status: 'REPLAYED', sameSlots: true, distributionMaxError: 0 });
    expect(bench.logged).toHaveLength(3);
  });

  it('is decided for on the request alone when nothing is remembered', async () => {
    const record = await setUp().decide(AWAY);
    expect(record).toMatchObject(REQUEST_ALONE);
    expect(contextOf(record).slice(4)).toEqual(new Array(10).fill(0));
  });

  it('is decided for on the request alone when another model gave the remembered segment, or none is live any more', async () => {
    const { bench, decide } = setUp();
    await decide(found());
    bench.model = aSegmentModel({ version: 5 });
    expect(await decide(AWAY)).toMatchObject(REQUEST_ALONE);
    bench.model = null;
    expect(await decide(AWAY)).toMatchObject(REQUEST_ALONE);
  });

  it.each<[string, ProfileRead]>([
    ['a profile without consent', found({ consent: consent('REVOKED') })],
    ['a profile that says nothing', found({ consent: {} })],
    ['nobody', { status: 'absent' }],
  ])('is not remembered once %s was read', async (_what, then) => {
    const { bench, decide } = setUp();
    await decide(then);
    expect(bench.remembered.size).toBe(0);
    await decide(found({ consent: consent('GRANTED') }));
    expect(bench.remembered.size).toBe(1);
    await decide(then);
    expect(bench.remembered.size).toBe(0);
    expect(await decide(AWAY)).toMatchObject(REQUEST_ALONE);
  });
});
