import { POLICIES } from '../policies/policy-registry';
import { benchPolicies } from './distribution.bench';

it('times every policy, contextual ones at every dimension', () => {
  let clock = 0;
  const rows = benchPolicies({ armCounts: [2, 3], dimensions: [1, 4], budgetMs: 1, now: () => clock++ });
  const contextual = POLICIES.filter((policy) => policy.contextual).length;
  expect(rows).toHaveLength(2 * (2 * contextual + (POLICIES.length - contextual)));
  expect(rows.every(({ microsecondsPerDistribution }) => microsecondsPerDistribution > 0)).toBe(true);
});
