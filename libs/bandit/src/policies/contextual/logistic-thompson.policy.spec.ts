import { rngFromNumber } from '@vitrine/kernel';
import { anArm, aReward, aTrial } from '../../fixtures';
import type { Observation } from '../../statistics/statistics-family';
import { aContext, built, derivedAndFollowed, learned, shares, someEntries } from './naive.fixture';

/** Standard normal distribution function by Simpson's rule. */
function normalCdf(z: number): number {
  const steps = 2000;
  const width = z / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-0.5 * (i * width) ** 2);
  }
  return 0.5 + (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}

describe('logistic-thompson', () => {
  // Layout in two dimensions: trials, rewardSum, w (2), D_0, L_10, D_1.
  const [first, second] = [Float64Array.of(20, 9, 0.4, -0.3, 4, 0.5, 2), Float64Array.of(30, 9, 0.1, 0.2, 8, -0.25, 5)];

  /** x^T (L D L^T)^-1 x by the inverse of the full matrix. */
  function varianceOf(numbers: Float64Array, [x0, x1]: readonly [number, number]): number {
    const [a, l, d] = [numbers[4] ?? 0, numbers[5] ?? 0, numbers[6] ?? 0];
    const [p00, p01, p11] = [a, a * l, a * l * l + d];
    return (p11 * x0 * x0 - 2 * p01 * x0 * x1 + p00 * x1 * x1) / (p00 * p11 - p01 * p01);
  }

  it.each([
    [1, 0.5],
    [0.25, 2],
  ])('gives two banners Phi of how far their predictors are apart (width %d, second value %d)', (width, x1) => {
    const policy = built('logistic-thompson', { width }, 2);
    const p = shares(policy, [policy.derive(anArm('a'), first), policy.derive(anArm('b'), second)], [1, x1]);
    const apart = 0.4 - 0.1 + (-0.3 - 0.2) * x1;
    const expected = normalCdf(apart / (width * Math.sqrt(varianceOf(first, [1, x1]) + varianceOf(second, [1, x1]))));
    expect(Math.abs((p[0] ?? 0) - expected)).toBeLessThan(1e-8);
  });

  it('takes an untried banner at even odds with the deviation of the prior', () => {
    const policy = built('logistic-thompson', { lambda: 4, width: 1 }, 2);
    const p = shares(policy, [policy.derive(anArm('a'), first), policy.derive(anArm('b'), null)], [1, 1]);
    expect(Math.abs((p[0] ?? 0) - normalCdf(0.1 / Math.sqrt(varianceOf(first, [1, 1]) + 2 / 4)))).toBeLessThan(1e-8);
    expect(shares(policy, [policy.derive(anArm('a'), new Float64Array(7)), policy.derive(anArm('b'), null)], [1, 1])).toEqual([0.5, 0.5]);
  });

  it('is even at the zero context, of which nothing can be known', () => {
    const policy = built('logistic-thompson', {}, 2);
    expect(shares(policy, [policy.derive(anArm('a'), first), policy.derive(anArm('b'), second)], [0, 0])).toEqual([0.5, 0.5]);
  });

  it('finds the better banner of each kind of visitor from clicks that come after the trials', () => {
    const policy = built('logistic-thompson', {}, 2);
    const entries = (sign: number, seed: number): Observation[] => {
      const rng = rngFromNumber(seed);
      return Array.from({ length: 2000 }, () => {
        const context = Float64Array.of(1, rng() < 0.5 ? 1 : -1);
        const rate = (context[1] ?? 0) * sign > 0 ? 0.06 : 0.02;
        return rng() < rate ? [aTrial({ context }), aReward({ context, reward: 1 })] : [aTrial({ context })];
      }).flat();
    };
    const arms = [1, -1].map((sign, i) => policy.derive(anArm(`b${i}`), learned(policy, entries(sign, 11 + i))));
    expect(shares(policy, arms, [1, 1])[0]).toBeGreaterThan(0.95);
    expect(shares(policy, arms, [1, -1])[1]).toBeGreaterThan(0.95);
  });

  it('follows entries to exactly where deriving ends', () => {
    const policy = built('logistic-thompson', {}, 3);
    const { derived, followed } = derivedAndFollowed(policy, someEntries(50, 3, 5));
    expect(followed).toEqual(derived);
    const rival = policy.derive(anArm('rival'), learned(policy, someEntries(20, 3, 6)));
    const x = aContext(3, rngFromNumber(1));
    expect(shares(policy, [followed, rival], x)).toEqual(shares(policy, [derived, rival], x));
  });

  it('keeps a model apart from the statistics it was derived from', () => {
    const policy = built('logistic-thompson', {}, 2);
    const statistics = first.slice();
    const arms = [policy.derive(anArm('a'), statistics), policy.derive(anArm('b'), second)];
    const before = shares(policy, arms, [1, 1]);
    policy.family.fold(statistics, aTrial({ context: Float64Array.of(1, 1), reward: 1 }));
    expect(shares(policy, arms, [1, 1])).toEqual(before);
  });

  it('refuses statistics, contexts and models that are not its own', () => {
    const policy = built('logistic-thompson', {}, 2);
    expect(() => policy.derive(anArm('b'), new Float64Array(6))).toThrow('dimension of the policy');
    expect(() => shares(policy, [policy.derive(anArm('b'), null)], [1])).toThrow('dimension of the policy');
    expect(() => shares(policy, [null], [1, 2])).toThrow('own models');
  });
});
