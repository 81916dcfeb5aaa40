import { rngFromNumber } from '@vitrine/kernel';
import { anArm, aTrial } from '../../fixtures';
import { copiesIn } from '../../statistics/bootstrapped-linear.family';
import type { Observation } from '../../statistics/statistics-family';
import { aContext, addOuter, built, derivedAndFollowed, dotOf, learned, ridge, shares, solve, someEntries } from './naive.fixture';

const D = 4;
const REPLICAS = 8;

/** Weights of one sample by elimination, from the entries repeated as often as they stand in it. */
function naiveWeights(entries: readonly Observation[], replica: number, lambda: number, plainFirst: boolean): number[] {
  const matrix = ridge(D, lambda);
  const sums = Array.from({ length: D }, () => 0);
  for (const { kind, context, reward, key } of entries) {
    const copies = copiesIn(replica, key, plainFirst);
    if (kind === 'TRIAL') addOuter(matrix, [...context], copies);
    context.forEach((value, i) => (sums[i] = (sums[i] ?? 0) + copies * reward * value));
  }
  return solve(matrix, sums);
}

describe('bootstrapped-linear', () => {
  const histories = [1, 2, 3].map((seed) => someEntries(25, D, seed));

  it.each([
    ['no', 1],
    ['yes', 0.2],
  ])('gives each banner the share of samples in which its ridge estimate is the highest (greedify %s, lambda %d)', (greedify, lambda) => {
    const policy = built('bootstrapped-linear', { replicas: REPLICAS, greedify, lambda }, D);
    const arms = histories.map((entries, i) => policy.derive(anArm(`b${i}`), learned(policy, entries)));
    const rng = rngFromNumber(5);
    const seen = new Set<number>();
    for (let round = 0; round < 30; round++) {
      const x = aContext(D, rng);
      const votes = [0, 0, 0];
      for (let r = 0; r < REPLICAS; r++) {
        const estimates = histories.map((entries) => dotOf(naiveWeights(entries, r, lambda, greedify === 'yes'), x));
        const best = estimates.indexOf(Math.max(...estimates));
        votes[best] = (votes[best] ?? 0) + 1 / REPLICAS;
      }
      votes.forEach((vote) => seen.add(vote));
      expect(shares(policy, arms, x)).toEqual(votes.map((vote) => expect.closeTo(vote, 12)));
    }
    expect(seen.size).toBeGreaterThan(4); // the samples disagree
  });

  it('shares a vote among equals', () => {
    const policy = built('bootstrapped-linear', { replicas: 4 }, 1);
    const untried = policy.derive(anArm('a'), null);
    const hopeless = policy.derive(
      anArm('b'),
      learned(
        policy,
        Array.from({ length: 9 }, (_, key) => aTrial({ context: Float64Array.of(1), key, reward: -1 })),
      ),
    );
    expect(shares(policy, [untried, hopeless, untried], [1])).toEqual([0.5, 0, 0.5]);
  });

  it('grows sure of the better banner as trials come in', () => {
    const policy = built('bootstrapped-linear', { replicas: 64 }, 1);
    const armAfter = (trials: number, rate: number): unknown => {
      const entries = Array.from({ length: trials }, (_, i) =>
        aTrial({ context: Float64Array.of(1), key: 7919 * i + trials, reward: (37 * i) % 100 < 100 * rate ? 1 : 0 }),
      );
      return policy.derive(anArm('arm'), learned(policy, entries));
    };
    const [early, late] = [100, 10_000].map((trials) => shares(policy, [armAfter(trials, 0.1), armAfter(trials + 1, 0.13)], [1])[1] ?? 0);
    expect(early).toBeGreaterThan(0.5);
    expect(early).toBeLessThan(0.95);
    expect(late).toBe(1);
  });

  it('follows entries to where deriving ends', () => {
    const policy = built('bootstrapped-linear', { replicas: REPLICAS }, D);
    const { derived, followed } = derivedAndFollowed(policy, someEntries(80, D, 7));
    const rivals = histories.map((entries, i) => policy.derive(anArm(`b${i}`), learned(policy, entries)));
    const rng = rngFromNumber(6);
    for (let round = 0; round < 40; round++) {
      const x = aContext(D, rng);
      expect(shares(policy, [followed, ...rivals], x)).toEqual(shares(policy, [derived, ...rivals], x));
    }
  });

  it('refuses statistics, contexts and models that are not its own', () => {
    const policy = built('bootstrapped-linear', { replicas: 2 }, 2);
    expect(() => policy.derive(anArm('b'), new Float64Array(8))).toThrow('dimension of the policy');
    expect(() => shares(policy, [policy.derive(anArm('b'), null)], [1])).toThrow('dimension of the policy');
    expect(() => shares(policy, [null], [1, 2])).toThrow('own models');
  });
});
