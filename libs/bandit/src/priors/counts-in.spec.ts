import { invariant } from '@vitrine/kernel';
import { aReward, aTrial, foldAll } from '../fixtures';
import { createPolicy } from '../policies/policy-registry';
import { countsIn, countsTrials } from './counts-in';

it.each(['beta-thompson', 'linear-thompson', 'auto', 'hierarchical-linear-thompson'])('reads trials, rewards and squares of %s', (name) => {
  const policy = createPolicy({ name, params: {} }, 2);
  invariant(policy.ok, 'the policy builds');
  const { family, dimension } = policy.value;
  const context = Float64Array.of(1, 0.5).subarray(0, dimension);
  const entries = [aTrial({ context, reward: 2 }), aTrial({ context, reward: 0 }), aReward({ context, reward: 3, before: 0 })];
  expect(countsTrials(family)).toBe(true);
  expect([...countsIn(foldAll(family, entries))]).toEqual([2, 5, 13]);
});

it.each(['exp3', 'uniform', 'logistic-thompson'])('says that the statistics of %s hold no such sums', (name) => {
  const policy = createPolicy({ name, params: {} }, 2);
  invariant(policy.ok, 'the policy builds');
  expect(countsTrials(policy.value.family)).toBe(false);
});
