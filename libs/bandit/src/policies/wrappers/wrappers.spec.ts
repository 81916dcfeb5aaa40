import { bannerId, invariant, rngFromNumber, SHARED_STATE } from '@vitrine/kernel';
import { anArm, aPoint, aReward, aTrial, foldAll } from '../../fixtures';
import type { ArmModel, Policy } from '../../policy';
import { LearnedState } from '../../runtime/learned-state';
import { OnlineLearner } from '../../runtime/online-learner';
import { isMergeable, isUnfoldable, type Observation } from '../../statistics/statistics-family';
import { createPolicy } from '../policy-registry';
import { isShadowed } from './shadow.policy';

const DIMENSION = 3;
const IDS = ['a', 'b', 'c', 'd'].map((id) => bannerId(id));
const NOW = 90_000;

function built(name: string, params: Record<string, unknown> = {}): Policy {
  const policy = createPolicy({ name, params }, DIMENSION);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

const BETA = { name: 'beta-thompson', params: {} };
const GAUSSIAN = { name: 'gaussian-thompson', params: {} };
const LINEAR = { name: 'linear-thompson', params: {} };
const FIRST = { name: 'fixed-order', params: { order: ['c'] } };
const DISCOUNTED = { name: 'discounted-thompson', params: { halfLifeMs: 30_000 } };

/** Trials of the banners a, b, c (d has none), and a late reward for each fourth. */
function history(): { readonly id: (typeof IDS)[number]; readonly entry: Observation }[] {
  const rng = rngFromNumber(17);
  return Array.from({ length: 90 }, (_, i) => {
    const context = Float64Array.from({ length: DIMENSION }, () => 2 * rng() - 1);
    const trial = aTrial({ context, reward: rng() < 0.3 ? 1 : 0, at: 1000 * i, key: i });
    const id = IDS[i % 3] ?? bannerId('a');
    const late = { id, entry: aReward({ context, reward: 0.5, before: trial.reward, at: trial.at, key: i }) };
    return i % 4 === 0 ? [{ id, entry: trial }, late] : [{ id, entry: trial }];
  }).flat();
}

function learned(policy: Policy): OnlineLearner {
  const learner = new OnlineLearner(policy);
  for (const { id, entry } of history()) learner.observe(id, { ...entry, context: entry.context.subarray(0, policy.dimension) });
  return learner;
}

const CONTEXT = Float64Array.of(0.5, -0.25, 1);

function decide(policy: Policy, learner: OnlineLearner, ids = IDS): number[] {
  const out = new Float64Array(ids.length);
  learner.distribution(ids, { context: CONTEXT.subarray(0, policy.dimension), at: NOW }, out);
  return [...out];
}

const alone = ({ name, params }: { readonly name: string; readonly params: Record<string, unknown> }, ids = IDS): number[] => {
  const policy = built(name, params);
  return decide(policy, learned(policy), ids);
};

/** Decides from statistics as a gateway does, models derived anew. */
function decideDerived(policy: Policy, learner: OnlineLearner): number[] {
  const out = new Float64Array(IDS.length);
  const state = LearnedState.of({ policy, revision: 1, statistics: learner.statistics });
  state.distribution(IDS, { context: CONTEXT.subarray(0, policy.dimension), at: NOW }, out);
  return [...out];
}

describe('warm-up', () => {
  it.each([BETA, GAUSSIAN, LINEAR, DISCOUNTED])('decides as $name once every eligible banner has its trials', (inner) => {
    const policy = built('warm-up', { policy: inner, trials: 30 });
    const learner = learned(policy);
    expect(decide(policy, learner, IDS.slice(0, 3))).toEqual(alone(inner, IDS.slice(0, 3)).map((p) => expect.closeTo(p, 12)));
    expect(policy.dimension).toBe(inner === LINEAR ? DIMENSION : 0);
    expect(policy.contextual).toBe(inner === LINEAR);
  });

  it('shares the draw evenly among banners short of trials; corrections are no trials', () => {
    const policy = built('warm-up', { trials: 30 });
    expect(decide(policy, learned(policy))).toEqual([0, 0, 0, 1]);
    const longer = built('warm-up', { trials: 31 });
    expect(decide(longer, learned(longer))).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(decide(longer, learned(longer), IDS.slice(1))).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it('merges and un-folds when its policy does, and takes its properties from it', () => {
    expect([isMergeable, isUnfoldable].map((can) => can(built('warm-up', { policy: LINEAR }).family))).toEqual([true, true]);
    const apprentice = built('warm-up', { policy: { name: 'apprentice', params: {} } });
    expect([isMergeable, isUnfoldable].map((can) => can(apprentice.family))).toEqual([false, false]);
    expect(built('warm-up', { policy: { name: 'ucb1', params: {} } }).deterministic).toBe(true);
    expect(built('warm-up').deterministic).toBe(false);
  });

  it('is back in its warm-up when trials are taken out', () => {
    const policy = built('warm-up', { trials: 2 });
    const entries = [aTrial({ reward: 1 }), aTrial({ reward: 0 })];
    const statistics = foldAll(policy.family, entries);
    invariant(isUnfoldable(policy.family), 'counts un-fold');
    policy.family.unfold(statistics, aTrial({ reward: 0 }));
    const full = policy.derive(anArm('b'), foldAll(policy.family, entries));
    const out = new Float64Array(2);
    policy.distribution([policy.derive(anArm('a'), statistics), full], aPoint(), out);
    expect([...out]).toEqual([1, 0]);
  });
});

describe('shadow', () => {
  it('decides as the live policy and says what the other would do, each from the same entries', () => {
    const policy = built('shadow', { policy: LINEAR, shadow: GAUSSIAN });
    invariant(isShadowed(policy), 'it is shadowed');
    expect(policy.shadow).toBe('gaussian-thompson');
    const learner = learned(policy);
    expect(decide(policy, learner)).toEqual(alone(LINEAR).map((p) => expect.closeTo(p, 12)));
    const state = LearnedState.of({ policy, revision: 1, statistics: learner.statistics });
    const out = new Float64Array(IDS.length);
    policy.shadowDistribution(
      IDS.map((id) => state.arm(id)),
      { context: CONTEXT, at: NOW, pool: state.pool() },
      out,
    );
    expect([...out]).toEqual(alone(GAUSSIAN).map((p) => expect.closeTo(p, 12)));
  });

  it('is as deterministic as its live policy and as wide as the wider one', () => {
    const policy = built('shadow', { policy: { name: 'ucb1', params: {} }, shadow: LINEAR });
    expect(policy).toMatchObject({ deterministic: true, contextual: true, dimension: DIMENSION });
    expect(policy.family).toMatchObject({ name: 'counts+linear', contextual: true });
    expect(built('shadow', { shadow: FIRST })).toMatchObject({ deterministic: false, contextual: false, dimension: 0 });
  });

  it('is known by its type only', () => {
    expect([built('shadow'), built('beta-thompson')].map(isShadowed)).toEqual([true, false]);
  });
});

describe.each([
  ['warm-up', { policy: { name: 'auto', params: {} }, trials: 10 }],
  ['shadow', { policy: LINEAR, shadow: { name: 'lin-ucb', params: {} } }],
  ['shadow', { policy: BETA, shadow: LINEAR }],
  ['shadow', { policy: { name: 'logistic-thompson', params: {} }, shadow: BETA }],
  ['shadow', { policy: { name: 'shadow', params: { policy: DISCOUNTED, shadow: GAUSSIAN } }, shadow: { name: 'shadow', params: {} } }],
  ['apprentice', { policy: LINEAR, baseline: FIRST }],
])('%s of %j', (name, params) => {
  it('follows entry by entry to where its derivation leads', () => {
    const policy = built(name, params);
    const learner = new OnlineLearner(policy);
    for (const { id, entry } of history()) {
      learner.observe(id, { ...entry, context: entry.context.subarray(0, policy.dimension) });
      if (entry.key % 7 === 0) decide(policy, learner); // models exist from here on, so that they must follow
    }
    if (policy.pool?.heavy !== true)
      expect(decide(policy, learner)).toEqual(decideDerived(policy, learner).map((p) => expect.closeTo(p, 6)));
    else expect(decide(policy, learner).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  it('refuses models of another policy', () => {
    const policy = built(name, params);
    const foreign: ArmModel = built('uniform').derive(anArm('a'), null);
    const models = IDS.map((id) => policy.derive(anArm(id), null));
    const shared = policy.family.shared === undefined ? null : new Float64Array(policy.family.shared.length);
    const pool = policy.pool?.derive(models, shared) ?? null;
    expect(() => policy.distribution([foreign], aPoint(CONTEXT, { pool }), new Float64Array(1))).toThrow('own models');
  });
});

describe('a fault in a nested policy', () => {
  it.each([
    ['warm-up', { policy: { name: 'beta-thompson', params: { alpha: 0 } } }, 'POLICY_PARAMETER_INVALID', 'policy.alpha'],
    ['shadow', { shadow: { name: 'oracle', params: {} } }, 'UNKNOWN_POLICY', 'shadow'],
    [
      'apprentice',
      { baseline: { name: 'warm-up', params: { policy: { name: 'softmax', params: { x: 1 } } } } },
      'POLICY_PARAMETER_INVALID',
      'baseline.policy.x',
    ],
    ['apprentice', { policy: 'auto' }, 'POLICY_PARAMETER_INVALID', 'policy'],
  ])('of %s is refused by the way to it: %j', (name, params, code, parameter) => {
    expect(createPolicy({ name, params }, DIMENSION)).toMatchObject({ ok: false, error: { code, parameter } });
  });

  it('asks contextual policies for their dimension', () => {
    const nested = createPolicy({ name: 'warm-up', params: { policy: LINEAR } }, 0);
    expect(nested).toMatchObject({ ok: false, error: { parameter: 'policy.dimension' } });
    expect(createPolicy({ name: 'warm-up', params: {} }, 0).ok).toBe(true);
  });
});

describe('statistics of wrappers', () => {
  it('serialise: a state restored from its numbers decides bit for bit alike', () => {
    const policy = built('apprentice', { policy: LINEAR, baseline: GAUSSIAN, minTrials: 10, agreement: 0.1 });
    const learner = learned(policy);
    const restored = new Map(Array.from(learner.statistics, ([id, numbers]) => [id, new Float64Array(numbers.slice().buffer)]));
    expect(restored.get(SHARED_STATE)?.[2]).toBe(1);
    const decided = [learner.statistics, restored].map((statistics) => {
      const out = new Float64Array(IDS.length);
      LearnedState.of({ policy, revision: 1, statistics }).distribution(IDS, { context: CONTEXT, at: NOW }, out);
      return out;
    });
    expect(decided[1]).toEqual(decided[0]);
  });
});
