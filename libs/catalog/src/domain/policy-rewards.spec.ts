import { POLICIES, type NestedPolicy } from '@vitrine/bandit';
import { checkRewardRange, findUnitPolicy, MAX_POLICY_DEPTH, staysInUnit } from './policy-rewards';

const LOGISTIC: NestedPolicy = { name: 'logistic-thompson', params: {} };
const BETA: NestedPolicy = { name: 'beta-thompson', params: {} };
const shadow = (policy: NestedPolicy, watching: NestedPolicy = BETA): NestedPolicy => ({
  name: 'shadow',
  params: { policy, shadow: watching },
});
const wrapped = (levels: number): NestedPolicy => (levels === 1 ? BETA : shadow(BETA, wrapped(levels - 1)));

describe('policies of unit rewards', () => {
  it.each(POLICIES.filter(({ rewards }) => rewards === 'unit').map(({ name }) => name))('finds %s', (name) => {
    expect(findUnitPolicy({ name, params: {} })).toMatchObject({ field: 'policy.name', name });
  });

  it('finds them within others, where they are given and where they are a default', () => {
    expect(findUnitPolicy(shadow(BETA, LOGISTIC))).toMatchObject({ field: 'policy.params.shadow', name: 'logistic-thompson' });
    expect(findUnitPolicy(shadow(shadow(LOGISTIC)))).toMatchObject({ field: 'policy.params.policy.params.policy' });
    expect(findUnitPolicy(shadow(BETA))).toBeNull();
  });

  it('passes over what the making of the policy refuses', () => {
    expect(findUnitPolicy({ name: 'oracle', params: {} })).toBeNull();
    expect(findUnitPolicy({ name: 'shadow', params: { policy: 7, shadow: { name: 'ucb1' } } })).toBeNull();
  });

  it('refuses what is nested too deep, even beside a policy that it finds first', () => {
    expect(findUnitPolicy(wrapped(MAX_POLICY_DEPTH))).toBeNull();
    expect(() => findUnitPolicy(wrapped(MAX_POLICY_DEPTH + 1))).toThrow(expect.objectContaining({ code: 'POLICY_PARAMETER_INVALID' }));
    expect(() => findUnitPolicy(shadow(LOGISTIC, wrapped(MAX_POLICY_DEPTH)))).toThrow(
      expect.objectContaining({ code: 'POLICY_PARAMETER_INVALID' }),
    );
  });

  it('takes bounds within [0, 1] only', () => {
    expect([staysInUnit({ min: 0, max: 1 }), staysInUnit({ min: 0.2, max: 0.9 })]).toEqual([true, true]);
    expect([staysInUnit({ min: -1e-9, max: 1 }), staysInUnit({ min: 0, max: 1.1 })]).toEqual([false, false]);
    expect(() => checkRewardRange(LOGISTIC, { min: 0, max: 5 })).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: { field: 'policy.name' } }),
    );
    expect(() => checkRewardRange(LOGISTIC, { min: 0, max: 1 })).not.toThrow();
    expect(() => checkRewardRange(BETA, { min: 0, max: 5 })).not.toThrow();
  });
});
