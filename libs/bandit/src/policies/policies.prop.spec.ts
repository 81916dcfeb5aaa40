import { invariant, rngFromNumber } from '@vitrine/kernel';
import fc from 'fast-check';
import { anArm, aPoint, aTrial } from '../fixtures';
import type { ArmModel, Policy } from '../policy';
import { createPolicy, POLICIES } from './policy-registry';

const DIMENSION = 5;
const HOUR = 3_600_000;
const NOW = 20 * HOUR;

interface Trial {
  readonly context: readonly number[];
  readonly reward: number;
}

function built(name: string, params: Record<string, unknown> = {}): Policy {
  const policy = createPolicy({ name, params }, DIMENSION);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

function armOf(policy: Policy, index: number, trials: readonly Trial[] | null, groups: readonly string[] = []): ArmModel {
  const banner = anArm(`banner-${index}`, groups);
  if (trials === null) return policy.derive(banner, null);
  const statistics = new Float64Array(policy.family.length);
  trials.forEach(({ context, reward }, i) =>
    policy.family.fold(statistics, aTrial({ context: contextFor(policy, context), reward, at: HOUR * i, key: i })),
  );
  return policy.derive(banner, statistics);
}

const contextFor = (policy: Policy, context: readonly number[]): Float64Array => Float64Array.from(context.slice(0, policy.dimension));

/** The pool as if these arms were all there are. */
const poolOf = (policy: Policy, arms: readonly ArmModel[]): unknown =>
  policy.pool?.derive(arms, policy.family.shared === undefined ? null : new Float64Array(policy.family.shared.length)) ?? null;

function distributionOf(policy: Policy, arms: readonly ArmModel[], context: readonly number[]): Float64Array {
  const out = new Float64Array(arms.length).fill(Number.NaN);
  policy.distribution(arms, aPoint(contextFor(policy, context), { at: NOW, pool: poolOf(policy, arms) }), out);
  return out;
}

const farthest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

const context = fc.array(
  fc.integer({ min: -127, max: 127 }).map((step) => step / 32),
  { minLength: DIMENSION, maxLength: DIMENSION },
);
const trial = fc.record<Trial>({ context, reward: fc.constantFrom(0, 0.25, 1) });
const history = fc.option(fc.array(trial, { maxLength: 15 }), { nil: null });
const histories = fc.array(history, { minLength: 1, maxLength: 12 });

describe.each(POLICIES.map(({ name }) => name))('the policy %s', (name) => {
  const policy = built(name);

  it('gives probabilities that sum to 1 within 1e-12', () => {
    fc.assert(
      fc.property(histories, context, (list, x) => {
        const p = distributionOf(
          policy,
          list.map((trials, i) => armOf(policy, i, trials)),
          x,
        );
        expect(p.every((probability) => probability >= 0)).toBe(true);
        expect(Math.abs(p.reduce((sum, probability) => sum + probability, 0) - 1)).toBeLessThan(1e-12);
      }),
    );
  });

  it('does not look at the order of the banners', () => {
    fc.assert(
      fc.property(histories, context, (list, x) => {
        const arms = list.map((trials, i) => armOf(policy, i, trials));
        const forward = distributionOf(policy, arms, x);
        expect(farthest(distributionOf(policy, arms.toReversed(), x).toReversed(), forward)).toBeLessThan(1e-12);
      }),
    );
  });

  it('gives the same answer again, whatever it was asked in between', () => {
    fc.assert(
      fc.property(histories, histories, context, context, (list, other, x, y) => {
        const arms = list.map((trials, i) => armOf(policy, i, trials));
        const first = distributionOf(policy, arms, x);
        distributionOf(
          policy,
          other.map((trials, i) => armOf(policy, i, trials)),
          y,
        );
        expect(distributionOf(policy, arms, x)).toEqual(first);
      }),
    );
  });

  it('refuses an empty set and a result of the wrong size', () => {
    expect(() => distributionOf(policy, [], [0, 0, 0, 0, 0])).toThrow('one probability per eligible banner');
    const arms = [armOf(policy, 0, null), armOf(policy, 1, null)];
    expect(() =>
      policy.distribution(arms, aPoint(new Float64Array(policy.dimension), { pool: poolOf(policy, arms) }), new Float64Array(3)),
    ).toThrow('one probability per eligible banner');
  });
});

describe.each(POLICIES.map(({ name }) => name).filter((name) => name !== 'fixed-order'))('the policy %s', (name) => {
  const policy = built(name);

  it('gives banners with equal statistics the same probability, to the bit', () => {
    fc.assert(
      fc.property(histories, history, fc.integer({ min: 2, max: 4 }), context, (list, shared, copies, x) => {
        const twins = Array.from({ length: copies }, (_, i) => armOf(policy, 100 + i, shared));
        const p = distributionOf(policy, [...twins, ...list.map((trials, i) => armOf(policy, i, trials))], x);
        expect(new Set(p.subarray(0, copies)).size).toBe(1);
      }),
    );
  });

  it('gives every banner the same probability while nobody was tried', () => {
    const p = distributionOf(
      policy,
      Array.from({ length: 7 }, (_, i) => armOf(policy, i, null)),
      [1, 0.5, 0, -1, 2],
    );
    expect(farthest(p, new Float64Array(7).fill(1 / 7))).toBeLessThan(1e-12);
  });
});

describe.each(POLICIES.filter(({ family }) => family !== 'none').map(({ name }) => name))('the policy %s', (name) => {
  it('prefers the banner that earned more', () => {
    const policy = built(name);
    const rng = rngFromNumber(4);
    // Rewards spread over time: a burst of them would be a change of rate, after which some policies forget what was before.
    const trials = (rate: number): Trial[] =>
      Array.from({ length: 400 }, (_, i) => ({ context: [1, rng(), rng(), -rng(), rng()], reward: (37 * i) % 100 < 100 * rate ? 1 : 0 }));
    // Three of them: top-two policies give the only challenger as much as the leader.
    // Each in a group of its own, as some policies know banners by their groups only.
    const arms = [0.1, 0.3, 0.1].map((rate, i) => armOf(policy, i, trials(rate), [`kind:${i}`]));
    const p = distributionOf(policy, arms, [1, 0.5, 0.5, -0.5, 0.5]);
    expect(p[1] ?? 0).toBeGreaterThan(p[0] ?? 0);
  });
});
