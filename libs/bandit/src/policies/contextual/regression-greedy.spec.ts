import { rngFromNumber } from '@vitrine/kernel';
import { anArm } from '../../fixtures';
import { aContext, addOuter, built, derivedAndFollowed, dotOf, learned, ridge, shares, solve, someEntries } from './naive.fixture';

const D = 4;

describe('linear-epsilon-greedy', () => {
  it('gives the highest ridge estimate all but an even share of epsilon', () => {
    const policy = built('linear-epsilon-greedy', { epsilon: 0.2, lambda: 0.5 }, D);
    const histories = [1, 2, 3].map((seed) => someEntries(30, D, seed));
    const arms = histories.map((entries, i) => policy.derive(anArm(`b${i}`), learned(policy, entries)));
    const weights = histories.map((entries) => {
      const matrix = ridge(D, 0.5);
      const sums = Array.from({ length: D }, () => 0);
      for (const { kind, context, reward } of entries) {
        if (kind === 'TRIAL') addOuter(matrix, [...context]);
        context.forEach((value, i) => (sums[i] = (sums[i] ?? 0) + reward * value));
      }
      return solve(matrix, sums);
    });
    const rng = rngFromNumber(5);
    const winners = new Set<number>();
    for (let round = 0; round < 40; round++) {
      const x = aContext(D, rng);
      const estimates = weights.map((w) => dotOf(w, x));
      const best = estimates.indexOf(Math.max(...estimates));
      winners.add(best);
      expect(shares(policy, arms, x)).toEqual([0, 1, 2].map((i) => expect.closeTo(i === best ? 0.8 + 0.2 / 3 : 0.2 / 3, 12)));
    }
    expect(winners.size).toBe(3); // the context decides
  });

  it('takes an untried banner at 0 and shares ties', () => {
    const policy = built('linear-epsilon-greedy', { epsilon: 0 }, 1);
    const [rewarded, punished, untried] = [Float64Array.of(1, 1, 1, 1, 1), Float64Array.of(1, -1, 1, -1, 1), null].map((numbers, i) =>
      policy.derive(anArm(`b${i}`), numbers),
    );
    expect(shares(policy, [rewarded, untried], [1])).toEqual([1, 0]);
    expect(shares(policy, [punished, untried, untried], [1])).toEqual([0, 0.5, 0.5]);
  });

  it('is deterministic without exploration', () => {
    expect(built('linear-epsilon-greedy', { epsilon: 0 }, D).deterministic).toBe(true);
    expect(built('linear-epsilon-greedy', {}, D).deterministic).toBe(false);
  });
});

describe('logistic-epsilon-greedy', () => {
  it('takes an untried banner at one half, whatever the others do', () => {
    const policy = built('logistic-epsilon-greedy', { epsilon: 0 }, 1);
    const [good, bad, untried] = [Float64Array.of(9, 8, 0.5, 3), Float64Array.of(9, 1, -0.5, 3), null].map((numbers, i) =>
      policy.derive(anArm(`b${i}`), numbers),
    );
    expect(shares(policy, [good, untried], [1])).toEqual([1, 0]);
    expect(shares(policy, [bad, untried], [1])).toEqual([0, 1]);
    expect(shares(policy, [bad, good], [-1])).toEqual([1, 0]);
  });
});

describe.each(['linear-epsilon-greedy', 'logistic-epsilon-greedy'])('%s', (name) => {
  it('follows entries to where deriving ends', () => {
    const policy = built(name, { epsilon: 0 }, D);
    const { derived, followed } = derivedAndFollowed(policy, someEntries(60, D, 8));
    const rival = policy.derive(anArm('rival'), learned(policy, someEntries(40, D, 9)));
    const rng = rngFromNumber(6);
    const seen = new Set<number>();
    for (let round = 0; round < 40; round++) {
      const x = aContext(D, rng);
      const p = shares(policy, [followed, rival], x);
      seen.add(p[0] ?? 0);
      expect(p).toEqual(shares(policy, [derived, rival], x));
    }
    expect([...seen].sort()).toEqual([0, 1]);
  });

  it('refuses foreign models and contexts of another dimension', () => {
    const policy = built(name, {}, 2);
    expect(() => shares(policy, [null], [1, 2])).toThrow('own models');
    expect(() => shares(policy, [policy.derive(anArm('b'), null)], [1])).toThrow('dimension of the policy');
  });
});
