import { LearnedState } from '@vitrine/bandit';
import { decidePlacement } from '../domain/decide-placement';
import { compilePolicy } from '../domain/servable-policy';
import { aVersion, eligibleBanners, placementInputs } from '../fixtures';
import type { DecisionRecord } from '../domain/types';
import type { PastState } from './ports';
import { ReplayDecision } from './replay-decision';

const VERSION = aVersion({ policy: { name: 'uniform', params: {}, floor: 0.1 } });
const POLICY = compilePolicy(VERSION);
const FOUND: PastState = { status: 'FOUND', arms: [] };

function recorded(over: Parameters<typeof placementInputs>[0] = {}): DecisionRecord {
  return decidePlacement(
    placementInputs({
      policy: { ...POLICY, state: LearnedState.of({ policy: POLICY.policy, revision: 3, statistics: new Map() }) },
      ...over,
    }),
  ).record;
}

function replaying(past: PastState, versionKnown = true) {
  const asked: unknown[] = [];
  const replay = new ReplayDecision({
    identities: () => null,
    decisions: { find: () => Promise.resolve(null) },
    pastStates: { at: (id, revision) => Promise.resolve(past).finally(() => asked.push([id, revision])) },
    policyVersions: { find: () => Promise.resolve(versionKnown ? VERSION : null) },
  });
  return { replay, asked };
}

describe('ReplayDecision', () => {
  it('derives the distribution again from the state of then', async () => {
    const { replay, asked } = replaying(FOUND);
    expect(await replay.replay(recorded())).toEqual({ sameSlots: true, distributionMaxError: 0, status: 'REPLAYED' });
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
    expect(await replay.replay(recorded(over))).toEqual({ sameSlots: true, distributionMaxError: 0, status: 'REPLAYED' });
    expect(asked).toEqual([]);
  });
});
