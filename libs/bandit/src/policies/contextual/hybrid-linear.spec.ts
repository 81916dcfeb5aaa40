import { rngFromNumber } from '@vitrine/kernel';
import { anArm, aPoint, aTrial } from '../../fixtures';
import type { ArmIdentity } from '../../policy';
import type { Observation } from '../../statistics/statistics-family';
import { bannerFeatures } from './banner-features';
import { HybridLinearScores } from './hybrid-linear';
import {
  aContext,
  addOuter,
  built,
  derivedAndFollowed,
  dotOf,
  learned,
  ridge,
  shares,
  solve,
  someEntries,
  type Matrix,
} from './naive.fixture';

const SHAPE = { dimension: 5, buckets: 4, head: 3, ridge: 0.6, ownRidge: 1.7 };
const { dimension: D, buckets, head } = SHAPE;
const SHARED = buckets * head;

interface Banner {
  readonly identity: ArmIdentity;
  readonly entries: readonly Observation[];
}

const BANNERS: readonly Banner[] = [
  { identity: anArm('a', ['category:shoes', 'tag:sale']), entries: someEntries(25, D, 1) },
  { identity: anArm('b', ['category:shoes']), entries: someEntries(40, D, 2) },
  { identity: anArm('c', ['category:hats', 'tag:sale', 'tag:new']), entries: someEntries(10, D, 3) },
  { identity: anArm('d'), entries: someEntries(15, D, 4) },
  { identity: anArm('untried', ['category:hats']), entries: [] },
];

/** z = f (x) x_head. */
function sharedFeatures(groups: readonly string[], x: readonly number[]): number[] {
  return [...bannerFeatures(groups, buckets).values].flatMap((feature) => x.slice(0, head).map((value) => feature * value));
}

/** All features of the joint regression: shared ones, then a block of own ones per banner. */
function jointFeatures(index: number, x: readonly number[]): number[] {
  const own = BANNERS.flatMap((_, i) => (i === index ? x : x.map(() => 0)));
  return [...sharedFeatures(BANNERS[index]?.identity.groups ?? [], x), ...own];
}

/** The joint ridge regression of all weights at once, on every trial. */
function jointRegression(): { precision: Matrix; weights: number[] } {
  const size = SHARED + BANNERS.length * D;
  const precision = ridge(size, SHAPE.ownRidge);
  for (let i = 0; i < SHARED; i++) (precision[i] ?? [])[i] = SHAPE.ridge;
  const sums = new Array<number>(size).fill(0);
  BANNERS.forEach(({ entries }, index) => {
    for (const { kind, context, reward } of entries) {
      const features = jointFeatures(index, [...context]);
      if (kind === 'TRIAL') addOuter(precision, features);
      features.forEach((value, i) => (sums[i] = (sums[i] ?? 0) + reward * value));
    }
  });
  return { precision, weights: solve(precision, sums) };
}

describe('hybrid linear scores', () => {
  it('are means and deviations of the joint ridge regression of shared and own weights, solved densely', () => {
    const scores = new HybridLinearScores(SHAPE);
    const { precision, weights } = jointRegression();
    const arms = BANNERS.map(({ identity, entries }) =>
      scores.derive(identity, entries.length === 0 ? null : learned(built('lin-ucb', {}, D), entries)),
    );
    const pool = scores.pool.derive(arms.slice(0, -1), null); // nobody has tried the last
    const rng = rngFromNumber(7);
    for (let round = 0; round < 5; round++) {
      const x = aContext(D, rng).map((value, i) => (round > 2 && i % 2 === 1 ? 0 : value)); // dense and sparse
      const into = { means: new Float64Array(arms.length), deviations: new Float64Array(arms.length) };
      scores.score(arms, aPoint(Float64Array.from(x), { pool }), into);
      BANNERS.forEach((_, index) => {
        const features = jointFeatures(index, x);
        expect(Math.abs((into.means[index] ?? 0) - dotOf(features, weights))).toBeLessThan(1e-9);
        expect(Math.abs((into.deviations[index] ?? 0) ** 2 - dotOf(features, solve(precision, features)))).toBeLessThan(1e-9);
      });
    }
  });
});

describe.each(['hybrid-lin-ucb', 'hybrid-linear-thompson'])('%s', (name) => {
  const policy = built(name, {}, 3);
  const trials = (rate: number): Observation[] =>
    Array.from({ length: 200 }, (_, i) =>
      aTrial({ context: Float64Array.of(1, i % 2, (i % 7) / 7), reward: (37 * i) % 100 < 100 * rate ? 1 : 0 }),
    );
  const tried = (id: string, group: string, rate: number): unknown => policy.derive(anArm(id, [group]), learned(policy, trials(rate)));

  it('lets a new banner start from what banners of its groups earned', () => {
    const rivals = [tried('a', 'kind:good', 0.8), tried('b', 'kind:good', 0.85), tried('c', 'kind:bad', 0.1), tried('d', 'kind:bad', 0.15)];
    const pool = policy.pool?.derive(rivals, null) ?? null;
    const fresh = ['kind:good', 'kind:bad'].map((group) => policy.derive(anArm('new', [group]), null));
    const out = new Float64Array(2);
    policy.distribution(fresh, aPoint(Float64Array.of(1, 0.5, 0.5), { pool }), out);
    expect(out[0]).toBeGreaterThan(0.75);
  });

  it('trusts what a banner itself earned over its groups once it was tried enough', () => {
    const rivals = [tried('a', 'kind:good', 0.6), tried('b', 'kind:good', 0.6), tried('c', 'kind:bad', 0.1), tried('d', 'kind:bad', 0.1)];
    const arms = [...rivals, tried('better-than-its-kind', 'kind:bad', 0.95)];
    expect(shares(policy, arms, [1, 0.5, 0.5]).indexOf(Math.max(...shares(policy, arms, [1, 0.5, 0.5])))).toBe(4);
  });

  it('follows entries to where deriving ends', () => {
    const { derived, followed } = derivedAndFollowed(policy, someEntries(60, 3, 8));
    const rivals = [1, 2].map((seed) => policy.derive(anArm(`b${seed}`), learned(policy, someEntries(30, 3, seed))));
    const rng = rngFromNumber(3);
    for (let round = 0; round < 20; round++) {
      const x = aContext(3, rng);
      const expected = shares(policy, [derived, ...rivals], x);
      shares(policy, [followed, ...rivals], x).forEach((p, i) => expect(Math.abs(p - (expected[i] ?? 0))).toBeLessThan(1e-9));
    }
  });

  it('refuses models and pools that are not its own', () => {
    expect(() => shares(policy, [null], [1, 0, 0])).toThrow('own models');
    const arm = policy.derive(anArm('a'), null);
    expect(() => policy.distribution([arm], aPoint(Float64Array.of(1, 0, 0)), new Float64Array(1))).toThrow('own pool');
    expect(() => shares(policy, [arm], [1])).toThrow('dimension of the policy');
  });
});
