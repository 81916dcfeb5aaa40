import { POLICIES } from '../policies/policy-registry';
import { benchPolicies } from './distribution.bench';

describe('the benchmark of policies', () => {
  const ticking = (): (() => number) => {
    let clock = 0;
    return () => clock++;
  };

  it('times every policy, contextual ones at every dimension', () => {
    const rows = [...benchPolicies({ armCounts: [2, 3], dimensions: [1, 4], budgetMs: 1, now: ticking() })];
    const contextual = POLICIES.filter((policy) => policy.contextual).length;
    expect(rows).toHaveLength(2 * (2 * contextual + (POLICIES.length - contextual)));
    for (const row of rows) {
      expect(row.microsecondsPerDistribution).toBeGreaterThan(0);
      expect(row.microsecondsPerFold).toBeGreaterThan(0);
      expect(row.microsecondsPerDerive).toBeGreaterThan(0);
    }
  });

  it('states the size of what a policy keeps', () => {
    const sizes = [...benchPolicies({ policies: ['lin-ucb', 'uniform'], armCounts: [3], dimensions: [4], budgetMs: 1, now: ticking() })];
    // trials, sum, sum of squares, 4 sums of r x, and 10 entries of a symmetric 4 x 4 matrix
    expect(sizes.map(({ policy, stateBytesPerBanner, stateBytes }) => [policy, stateBytesPerBanner, stateBytes])).toEqual([
      ['uniform', 0, 0],
      ['lin-ucb', 8 * 17, 3 * 8 * 17],
    ]);
  });

  it('divides the time by the steps it took', () => {
    // Every look at this clock is a millisecond later: warm-up stops at its first look after the start, as does a budget of 1 ms.
    const [row] = [...benchPolicies({ policies: ['uniform'], armCounts: [2], budgetMs: 1, now: ticking() })];
    expect(row?.microsecondsPerDistribution).toBe(1_000 / 64);
    expect(row?.microsecondsPerPool).toBeNull();
  });
});
