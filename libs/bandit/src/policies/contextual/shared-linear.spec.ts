import { rngFromNumber } from '@vitrine/kernel';
import { anArm, aPoint, aTrial } from '../../fixtures';
import type { Observation } from '../../statistics/statistics-family';
import { bannerFeatures } from './banner-features';
import { aContext, addOuter, built, dotOf, learned, ridge, shares, solve, someEntries } from './naive.fixture';
import { SharedLinearScores } from './shared-linear';

const D = 5;
const SHAPE = { buckets: 4, head: 3, ridge: 0.6 };

/** z = f (x) x_head. */
function sharedFeatures(groups: readonly string[], x: readonly number[]): number[] {
  return [...bannerFeatures(groups, SHAPE.buckets).values].flatMap((feature) => x.slice(0, SHAPE.head).map((value) => feature * value));
}

describe('shared linear scores', () => {
  const banners = [
    { groups: ['category:shoes', 'tag:sale'], entries: someEntries(25, D, 1) },
    { groups: ['category:shoes'], entries: someEntries(40, D, 2) },
    { groups: [], entries: someEntries(10, D, 3) },
    { groups: ['category:hats', 'tag:new'], entries: [] },
  ];

  it('are means and deviations of one ridge regression over all trials, solved densely', () => {
    const scores = new SharedLinearScores(D, SHAPE);
    const precision = ridge(SHAPE.buckets * SHAPE.head, SHAPE.ridge);
    const sums = precision.map(() => 0);
    for (const { groups, entries } of banners) {
      for (const { kind, context, reward } of entries) {
        const z = sharedFeatures(groups, [...context]);
        if (kind === 'TRIAL') addOuter(precision, z);
        z.forEach((value, i) => (sums[i] = (sums[i] ?? 0) + reward * value));
      }
    }
    const weights = solve(precision, sums);
    const arms = banners.map(({ groups, entries }, i) =>
      scores.derive(anArm(`b${i}`, groups), entries.length === 0 ? null : learned(built('lin-ucb', {}, D), entries)),
    );
    const pool = scores.pool.derive(arms.slice(0, -1), null);
    const rng = rngFromNumber(7);
    for (let round = 0; round < 5; round++) {
      const x = aContext(D, rng);
      const into = { means: new Float64Array(arms.length), deviations: new Float64Array(arms.length) };
      scores.score(arms, aPoint(Float64Array.from(x), { pool }), into);
      banners.forEach(({ groups }, i) => {
        const z = sharedFeatures(groups, x);
        expect(Math.abs((into.means[i] ?? 0) - dotOf(z, weights))).toBeLessThan(1e-9);
        expect(Math.abs((into.deviations[i] ?? 0) ** 2 - dotOf(z, solve(precision, z)))).toBeLessThan(1e-9);
      });
    }
  });
});

describe.each(['shared-lin-ucb', 'shared-linear-thompson'])('%s', (name) => {
  const policy = built(name, {}, 2);
  /** Trials that pay when the second value of the context has this sign. */
  const trials = (sign: 1 | -1): Observation[] =>
    Array.from({ length: 100 }, (_, i) =>
      aTrial({ context: Float64Array.of(1, i % 2 === 0 ? 1 : -1), reward: (i % 2 === 0 ? 1 : -1) === sign ? 1 : 0 }),
    );
  const left = policy.derive(anArm('left', ['kind:left']), learned(policy, trials(-1)));
  const right = policy.derive(anArm('right', ['kind:right']), learned(policy, trials(1)));

  it('learns which visitors prefer which kind, for banners that nobody has tried', () => {
    const fresh = ['kind:left', 'kind:right'].map((group) => policy.derive(anArm('new', [group]), null));
    const pool = policy.pool?.derive([left, right], null) ?? null;
    const out = new Float64Array(2);
    policy.distribution(fresh, aPoint(Float64Array.of(1, -1), { pool }), out);
    expect(out[0]).toBeGreaterThan(0.9);
    policy.distribution(fresh, aPoint(Float64Array.of(1, 1), { pool }), out);
    expect(out[1]).toBeGreaterThan(0.9);
  });

  it('takes banners of the same groups for the same', () => {
    const twin = policy.derive(anArm('twin', ['kind:left']), null);
    const [first, second] = shares(policy, [left, twin, right], [1, -1]);
    expect(first).toBe(second);
  });

  it('reads the head of the context only', () => {
    const short = built(name, { head: 1 }, 2);
    const arms = ['kind:left', 'kind:right'].map((group, i) =>
      short.derive(anArm(`b${i}`, [group]), learned(short, i === 0 ? trials(1) : trials(1).slice(0, 30))),
    );
    expect(shares(short, arms, [1, 5])).toEqual(shares(short, arms, [1, -5]));
  });

  it('refuses models and pools that are not its own', () => {
    expect(() => shares(policy, [null], [1, 0])).toThrow('own models');
    expect(() => policy.distribution([left], aPoint(Float64Array.of(1, 0)), new Float64Array(1))).toThrow('own pool');
    expect(() => policy.derive(anArm('a'), new Float64Array(4))).toThrow('dimension of the policy');
  });
});

describe('bannerFeatures', () => {
  it('starts with 1 and adds 1 or -1 per group to one of the other buckets', () => {
    expect([...bannerFeatures([], 4).values]).toEqual([1, 0, 0, 0]);
    const { values } = bannerFeatures(['category:shoes'], 8);
    expect(values[0]).toBe(1);
    expect([...values.subarray(1)].map(Math.abs).sort()).toEqual([0, 0, 0, 0, 0, 0, 1]);
  });

  it('is the sum over groups, whatever their order, and its key tells equal from different', () => {
    const groups = ['campaign:summer', 'category:shoes', 'tag:sale'];
    const apart = groups.map((group) => bannerFeatures([group], 8).values);
    const { values, key } = bannerFeatures(groups, 8);
    values.subarray(1).forEach((value, i) => expect(value).toBe(apart.reduce((sum, one) => sum + (one[i + 1] ?? 0), 0)));
    expect(bannerFeatures(groups.toReversed(), 8).key).toBe(key);
    expect(bannerFeatures(groups.slice(1), 8).key).not.toBe(key);
  });

  it('spreads groups evenly over buckets and signs', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 7000; i++) {
      const { values } = bannerFeatures([`tag:${i}`], 8);
      const place = values.findIndex((value, j) => j > 0 && value !== 0);
      const cell = `${place}:${values[place] ?? 0}`;
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    expect(counts.size).toBe(14);
    // Binomial(7000, 1/14): five standard deviations are 108, exceeded by any of 14 with probability 1e-5.
    for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(108);
  });
});
