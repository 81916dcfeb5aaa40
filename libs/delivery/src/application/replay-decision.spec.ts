import { LearnedState, withoutGroups, type IdentifyBanner } from '@vitrine/bandit';
import { bannerId, campaignId, type BannerId } from '@vitrine/kernel';
import { decidePlacement } from '../domain/decide-placement';
import { compilePolicy } from '../domain/servable-policy';
import { aBanner, aVersion, eligibleBanners, placementInputs } from '../fixtures';
import type { DecisionRecord } from '../domain/types';
import { StoredIdentities } from './banner-identities';
import type { PastIdentities, PastState } from './ports';
import { ReplayDecision } from './replay-decision';

const VERSION = aVersion({ policy: { name: 'uniform', params: {}, floor: 0.1 } });
const POLICY = compilePolicy(VERSION);
const FOUND: PastState = { status: 'FOUND', arms: [], prior: null };

function recorded(over: Parameters<typeof placementInputs>[0] = {}): DecisionRecord {
  return decidePlacement(
    placementInputs({
      policy: { ...POLICY, state: LearnedState.of({ policy: POLICY.policy, revision: 3, statistics: new Map() }) },
      ...over,
    }),
  ).record;
}

const nobodyAsks: PastIdentities = { at: () => Promise.reject(new RangeError('this policy looks at each banner alone')) };

function replaying(past: PastState, versionKnown = true) {
  const asked: unknown[] = [];
  const replay = new ReplayDecision({
    identities: nobodyAsks,
    decisions: { find: () => Promise.resolve(null) },
    pastStates: { at: (id, revision) => Promise.resolve(past).finally(() => asked.push([id, revision])) },
    policyVersions: { find: () => Promise.resolve(versionKnown ? VERSION : null) },
  });
  return { replay, asked };
}

describe('ReplayDecision', () => {
  it('derives the distribution again from the state of then', async () => {
    const { replay, asked } = replaying(FOUND);
    expect(await replay.replay(recorded())).toEqual({ sameSlots: true, distributionMaxError: 0, shadowMaxError: null, status: 'REPLAYED' });
    expect(asked).toEqual([['home-hero@1', 3]]);
  });

  it('shows a distribution that does not come from that state', async () => {
    const record = recorded();
    const distribution = Float64Array.of(0.3, 0.1, 0.2, 0.2, 0.2);
    const outcome = await replaying(FOUND).replay.replay({ ...record, distribution });
    expect(outcome.distributionMaxError).toBeCloseTo(0.1, 12);
  });

  it('says when the evidence was erased, or is no longer held', async () => {
    expect(await replaying({ status: 'ERASED' }).replay.replay(recorded())).toEqual({
      sameSlots: true,
      distributionMaxError: null,
      shadowMaxError: null,
      status: 'NOT_REPLAYABLE_ERASED',
    });
    expect(await replaying({ status: 'GONE' }).replay.replay(recorded())).toMatchObject({ status: 'NOT_REPLAYABLE' });
    expect(await replaying(FOUND, false).replay.replay(recorded())).toMatchObject({ status: 'NOT_REPLAYABLE' });
  });

  it.each([
    ['a fixed order', { eligibility: { eligible: [], rejected: [] }, fallback: eligibleBanners(3, 'f') }],
    ['an even draw', { policy: null }],
  ])('asks for no state behind %s', async (_what, over) => {
    const { replay, asked } = replaying({ status: 'ERASED' });
    expect(await replay.replay(recorded(over))).toEqual({
      sameSlots: true,
      distributionMaxError: 0,
      shadowMaxError: null,
      status: 'REPLAYED',
    });
    expect(asked).toEqual([]);
  });
});

describe('replaying a policy that another one watches', () => {
  const version = aVersion({ policy: { name: 'shadow', params: {}, floor: 0 } });
  const policy = compilePolicy(version);
  const replay = new ReplayDecision({
    identities: nobodyAsks,
    decisions: { find: () => Promise.resolve(null) },
    pastStates: { at: () => Promise.resolve(FOUND) },
    policyVersions: { find: () => Promise.resolve(version) },
  });
  const { record } = decidePlacement(
    placementInputs({ policy: { ...policy, state: LearnedState.of({ policy: policy.policy, revision: 3, statistics: new Map() }) } }),
  );

  it('derives what the shadow would have done as well', async () => {
    expect(await replay.replay(record)).toMatchObject({ distributionMaxError: 0, shadowMaxError: 0 });
    const shadowDistribution = Float64Array.of(0.3, 0.1, 0.2, 0.2, 0.2);
    expect((await replay.replay({ ...record, shadowDistribution })).shadowMaxError).toBeCloseTo(0.1, 12);
    expect((await replay.replay({ ...record, shadowDistribution: null })).shadowMaxError).toBeNull(); // of before it was noted
  });
});

describe('replaying a policy in which banners inform each other', () => {
  const version = aVersion({ policy: { name: 'hierarchical-thompson', params: {}, floor: 0.1 } });
  const policy = compilePolicy(version);
  // Two campaigns: what the banners of one earned says something about a third of it that nobody tried.
  const campaignOf: Readonly<Record<string, string>> = { b00: 'good', b01: 'good', b02: 'good', b03: 'bad', b04: 'bad' };
  const earned: readonly (readonly [string, number])[] = [
    ['b00', 80],
    ['b01', 70],
    ['b03', 4],
    ['b04', 2],
  ];
  const arms = earned.map(([id, sum]) => ({ bannerId: bannerId(id), statistics: Float64Array.of(100, sum, sum) }));
  const stored = (revisionOf: (id: BannerId) => number) =>
    new StoredIdentities({
      findBanners: (ids) =>
        Promise.resolve(
          ids.map((id) => ({ value: aBanner(id, { campaignId: campaignId(campaignOf[id] ?? 'none') }), revision: revisionOf(id) })),
        ),
    });
  const replayedWith = (identities: PastIdentities) =>
    new ReplayDecision({
      identities,
      decisions: { find: () => Promise.resolve(null) },
      pastStates: { at: () => Promise.resolve({ status: 'FOUND', arms, prior: null }) },
      policyVersions: { find: () => Promise.resolve(version) },
    });
  async function record(): Promise<DecisionRecord> {
    const identify = await stored(() => 1).at(
      Object.keys(campaignOf).map((id) => bannerId(id)),
      5,
    );
    const statistics = new Map(arms.map((arm) => [arm.bannerId, arm.statistics]));
    const state = LearnedState.of({ policy: policy.policy, revision: 3, statistics, identify: identify ?? withoutGroups });
    return decidePlacement(placementInputs({ policy: { ...policy, state }, catalogRevision: 5 })).record;
  }
  const identifiedBy = (identify: IdentifyBanner | null): PastIdentities => ({ at: () => Promise.resolve(identify) });

  it('tells who they were from banners that did not change since', async () => {
    const outcome = await replayedWith(stored(() => 5)).replay(await record());
    expect(outcome).toEqual({ sameSlots: true, distributionMaxError: 0, shadowMaxError: null, status: 'REPLAYED' });
  });

  it('does not give the distribution of other groups for that of then, when a banner changed since', async () => {
    const decided = await record();
    const elsewhere = await replayedWith(identifiedBy(withoutGroups)).replay(decided);
    expect(elsewhere.distributionMaxError).toBeGreaterThan(0.01); // what would be said without asking
    const untried = stored((id) => (id === bannerId('b02') ? 6 : 1));
    expect(await replayedWith(untried).replay(decided)).toEqual({
      sameSlots: true,
      distributionMaxError: null,
      shadowMaxError: null,
      status: 'NOT_REPLAYABLE',
    });
    const tried = stored((id) => (id === bannerId('b03') ? 6 : 1));
    expect(await replayedWith(tried).replay(decided)).toMatchObject({ status: 'NOT_REPLAYABLE' });
  });
});
