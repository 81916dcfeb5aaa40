import { ok } from '@vitrine/kernel';
import type { ArmModel, DecisionPoint, Policy } from '../../policy';
import { definePolicy } from '../policy-definition';
import { HalfDecider, pairLearners } from './learner-pair';
import { buildTwo } from './nested-policy';

/** A policy beside which another one learns and says what it would have done. */
export interface ShadowedPolicy extends Policy {
  /** Name of the policy that only watches. */
  readonly shadow: string;
  /** What that policy would do; arguments as of `distribution`. */
  shadowDistribution(arms: readonly ArmModel[], point: DecisionPoint, out: Float64Array): void;
}

export function isShadowed(policy: Policy): policy is ShadowedPolicy {
  return 'shadowDistribution' in policy;
}

function createShadowed(live: Policy, shadow: Policy): ShadowedPolicy {
  const [liveDecider, shadowDecider] = [new HalfDecider(live, 'first'), new HalfDecider(shadow, 'second')];
  return {
    name: 'shadow',
    contextual: live.contextual || shadow.contextual,
    deterministic: live.deterministic,
    dimension: Math.max(live.dimension, shadow.dimension),
    ...pairLearners(live, shadow),
    distribution: (arms, point, out) => liveDecider.distribution(arms, point, out),
    shadow: shadow.name,
    shadowDistribution: (arms, point, out) => shadowDecider.distribution(arms, point, out),
  };
}

/**
 * Decides as the live policy does; the shadow policy learns from the same entries, and `shadowDistribution` says what it would do with
 * the same banners. What it learns comes from banners that the live policy chose.
 */
export const shadowPolicy = definePolicy({
  name: 'shadow',
  summary: 'One policy decides, another one watches: it learns from the same data, and what it would do can be logged.',
  contextual: false,
  deterministic: false,
  family: 'counts+counts',
  rewards: 'any',
  complexity: {
    decide: 'that of the live policy, and that of the shadow when it is asked',
    learn: 'that of both',
    state: 'that of both',
  },
  parameters: {
    policy: { kind: 'policy', description: 'The policy that decides.', default: { name: 'beta-thompson', params: {} } },
    shadow: { kind: 'policy', description: 'The policy that watches.', default: { name: 'epsilon-greedy', params: {} } },
  },
  paper: null,
  build: ({ policy, shadow }, _dimension, compile) => {
    const both = buildTwo(compile, ['policy', policy], ['shadow', shadow]);
    return both.ok ? ok(createShadowed(...both.value)) : both;
  },
});
