import { invariant, rngFromNumber } from '@vitrine/kernel';
import { anArm, aPoint, aTrial } from '../fixtures';
import type { Policy } from '../policy';
import { fillSlots } from '../selection/fill-slots';
import { createPolicy } from './policy-registry';

const NONE = new Float64Array(0);

function built(name: string, params: Record<string, unknown>, dimension = 0): Policy {
  const policy = createPolicy({ name, params }, dimension);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

function distributionOf(policy: Policy, statistics: readonly (readonly number[] | null)[], context = NONE): number[] {
  const models = statistics.map((numbers, i) => policy.derive(anArm(`b${i}`), numbers === null ? null : Float64Array.from(numbers)));
  const out = new Float64Array(models.length);
  policy.distribution(models, aPoint(context), out);
  return [...out];
}

describe('fixed-order', () => {
  const order = (params: Record<string, unknown>, ids: readonly string[]): Float64Array => {
    const policy = built('fixed-order', params);
    const out = new Float64Array(ids.length);
    policy.distribution(
      ids.map((id) => policy.derive(anArm(id), null)),
      aPoint(),
      out,
    );
    return out;
  };

  it('is sure of the first eligible banner of its list', () => {
    expect(order({ order: ['gone', 'b', 'a'] }, ['a', 'b', 'c'])[1]).toBe(1);
  });

  it('fills the slots in order, unlisted banners last and alphabetically, each with propensity 1', () => {
    const ids = ['d', 'a', 'x', 'b', 'c'];
    const { indices, propensities } = fillSlots(order({ order: ['x', 'c'] }, ids), 5, rngFromNumber(1));
    expect([...indices].map((i) => ids[i])).toEqual(['x', 'c', 'a', 'b', 'd']);
    expect([...propensities].every((propensity) => propensity > 1 - 1e-12)).toBe(true);
  });

  it('keeps the order for eleven slots and goes on evenly', () => {
    const ids = Array.from({ length: 13 }, (_, i) => `b${String(i).padStart(2, '0')}`);
    const { indices, propensities } = fillSlots(order({}, ids), 13, rngFromNumber(1));
    expect([...indices.subarray(0, 11)]).toEqual(Array.from({ length: 11 }, (_, i) => i));
    expect(propensities[11]).toBe(0.5);
  });
});

describe('epsilon-greedy', () => {
  it('gives the best mean 1 - epsilon beside its share of epsilon', () => {
    expect(
      distributionOf(built('epsilon-greedy', { epsilon: 0.3 }), [
        [10, 1],
        [10, 4],
        [10, 2],
      ]),
    ).toEqual([expect.closeTo(0.1, 15), expect.closeTo(0.8, 15), expect.closeTo(0.1, 15)]);
  });

  it('takes an untried banner at its prior mean', () => {
    const optimistic = built('epsilon-greedy', { epsilon: 0, priorMean: 1, priorTrials: 1 });
    expect(distributionOf(optimistic, [[100, 90], null])).toEqual([0, 1]);
    expect(distributionOf(built('epsilon-greedy', { epsilon: 0 }), [[100, 90], null])).toEqual([1, 0]);
  });

  it('is deterministic without exploration', () => {
    expect(built('epsilon-greedy', { epsilon: 0 }).deterministic).toBe(true);
    expect(built('epsilon-greedy', { epsilon: 0.01 }).deterministic).toBe(false);
  });
});

describe('proportional-ctr', () => {
  it('shares in proportion to the click-through rates', () => {
    const raw = built('proportional-ctr', { priorTrials: 0 });
    const p = distributionOf(raw, [
      [100, 1],
      [100, 3],
      [100, 5],
      [100, 2],
    ]);
    [1, 3, 5, 2].forEach((clicks, i) => expect(p[i]).toBeCloseTo(clicks / 11, 15));
  });

  it('is even when nothing earned anything, and counts a negative rate as none', () => {
    const raw = built('proportional-ctr', { priorTrials: 0 });
    expect(distributionOf(raw, [[100, 0], [50, 0], null])).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(
      distributionOf(raw, [
        [100, -5],
        [100, 5],
      ]),
    ).toEqual([0, 1]);
  });

  it('smooths with trials of the prior', () => {
    const p = distributionOf(built('proportional-ctr', { priorMean: 0.1, priorTrials: 10 }), [[10, 2], null]);
    expect(p).toEqual([expect.closeTo(0.6, 14), expect.closeTo(0.4, 14)]); // 3/20 against 1/10
  });
});

describe('beta-thompson', () => {
  it('scales rewards to successes', () => {
    const scaled = distributionOf(built('beta-thompson', { rewardMin: -1, rewardMax: 3 }), [
      [10, 6],
      [20, -4],
    ]);
    const plain = distributionOf(built('beta-thompson', {}), [
      [10, 4],
      [20, 4],
    ]);
    scaled.forEach((p, i) => expect(p).toBeCloseTo(plain[i] ?? 0, 12));
  });

  it('survives statistics that un-folding left a little below zero', () => {
    const p = distributionOf(built('beta-thompson', {}), [[-1e-12, -1e-12], null]);
    expect(p).toEqual([expect.closeTo(0.5, 9), expect.closeTo(0.5, 9)]);
  });
});

describe('linear policies', () => {
  // One dimension, lambda 1: A = 1 + 3 = 4, b = 2, so the mean is 0.5 x and the deviation x / 2.
  const arm = [3, 2, 2, 2, 3];

  it('lin-ucb is sure of the highest bound', () => {
    const policy = built('lin-ucb', { alpha: 1 }, 1);
    expect(distributionOf(policy, [arm, null], Float64Array.of(1))).toEqual([0.5, 0.5]); // both bounds are exactly 1
    expect(distributionOf(built('lin-ucb', { alpha: 0.9 }, 1), [arm, null], Float64Array.of(1))).toEqual([1, 0]);
    expect(distributionOf(built('lin-ucb', { alpha: 1.1 }, 1), [arm, null], Float64Array.of(1))).toEqual([0, 1]);
    expect(policy.deterministic).toBe(true);
  });

  it('linear-thompson compares the posteriors at the context', () => {
    const [first, second] = distributionOf(built('linear-thompson', { width: 1 }, 1), [arm, null], Float64Array.of(1));
    expect(first).toBeCloseTo(0.672639577, 8); // Phi(0.5 / sqrt(1/4 + 1))
    expect(second).toBeCloseTo(1 - 0.672639577, 8);
  });

  it('linear-thompson is even at the zero context, of which nothing can be known', () => {
    expect(distributionOf(built('linear-thompson', {}, 1), [arm, null], Float64Array.of(0))).toEqual([0.5, 0.5]);
  });

  it('linear-thompson survives means beside which the deviations are below rounding', () => {
    const huge = [1e12, 1e18, 1e24, 1e18, 1e12];
    const policy = built('linear-thompson', { width: 1e-6 }, 1);
    expect(distributionOf(policy, [huge, huge, arm], Float64Array.of(1))).toEqual([0.5, 0.5, 0]);
  });

  it.each(['linear-thompson', 'lin-ucb'])('%s reads a sparse context like a dense one', (name) => {
    const policy = built(name, {}, 12);
    const statistics = new Float64Array(policy.family.length);
    const rng = rngFromNumber(8);
    for (let t = 0; t < 30; t++)
      policy.family.fold(statistics, aTrial({ context: Float64Array.from({ length: 12 }, () => rng() - 0.5), reward: rng() }));
    const arms = [[...statistics], null];
    const sparse = new Float64Array(12);
    sparse[3] = 1;
    sparse[9] = -0.5;
    const nearlyZero = sparse.map((value) => (value === 0 ? 1e-300 : value));
    const [expected] = distributionOf(policy, arms, nearlyZero);
    expect(distributionOf(policy, arms, sparse)[0]).toBeCloseTo(expected ?? Number.NaN, 12);
  });

  it('refuse contexts and statistics of another dimension', () => {
    const policy = built('linear-thompson', {}, 2);
    expect(() => distributionOf(policy, [null], Float64Array.of(1))).toThrow('dimension of the policy');
    expect(() => policy.derive(anArm('b'), Float64Array.from(arm))).toThrow('dimension of the policy');
  });

  it('refuse models of another policy', () => {
    const foreign = built('uniform', {}).derive(anArm('b'), null);
    for (const name of ['linear-thompson', 'lin-ucb', 'beta-thompson', 'epsilon-greedy', 'fixed-order']) {
      const policy = built(name, {}, 1);
      expect(() => policy.distribution([foreign, foreign], aPoint(Float64Array.of(1)), new Float64Array(2))).toThrow('own models');
    }
  });
});
