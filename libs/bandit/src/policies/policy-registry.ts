import { err, type Result } from '@vitrine/kernel';
import type { Policy, PolicySpec } from '../policy';
import { autoPolicy } from './contextual/auto/auto.policy';
import { betaThompsonPolicy } from './context-free/beta-thompson.policy';
import { decayingEpsilonGreedyPolicy } from './context-free/decaying-epsilon-greedy.policy';
import { softmaxPolicy } from './context-free/softmax.policy';
import { ucb1Policy } from './context-free/ucb1.policy';
import { klUcbPolicy } from './context-free/kl-ucb.policy';
import { gaussianThompsonPolicy } from './context-free/gaussian-thompson.policy';
import { topTwoThompsonPolicy } from './context-free/top-two-thompson.policy';
import { exp3Policy } from './context-free/exp3.policy';
import { exp3IxPolicy } from './context-free/exp3-ix.policy';
import { epsilonGreedyPolicy } from './context-free/epsilon-greedy.policy';
import { fixedOrderPolicy } from './context-free/fixed-order.policy';
import { bootstrappedLinearPolicy } from './contextual/bootstrapped-linear.policy';
import { hybridLinUcbPolicy } from './contextual/hybrid-lin-ucb.policy';
import { hybridLinearThompsonPolicy } from './contextual/hybrid-linear-thompson.policy';
import { linUcbPolicy } from './contextual/lin-ucb.policy';
import { linearEpsilonGreedyPolicy } from './contextual/linear-epsilon-greedy.policy';
import { linearThompsonPolicy } from './contextual/linear-thompson.policy';
import { logisticEpsilonGreedyPolicy } from './contextual/logistic-epsilon-greedy.policy';
import { logisticThompsonPolicy } from './contextual/logistic-thompson.policy';
import { sharedLinUcbPolicy } from './contextual/shared-lin-ucb.policy';
import { sharedLinearThompsonPolicy } from './contextual/shared-linear-thompson.policy';
import { squareCbPolicy } from './contextual/square-cb.policy';
import { hierarchicalLinearThompsonPolicy } from './hierarchical/hierarchical-linear-thompson.policy';
import { hierarchicalThompsonPolicy } from './hierarchical/hierarchical-thompson.policy';
import { changePointThompsonPolicy } from './non-stationary/change-point-thompson.policy';
import { discountedThompsonPolicy } from './non-stationary/discounted-thompson.policy';
import { discountedUcbPolicy } from './non-stationary/discounted-ucb.policy';
import { slidingWindowThompsonPolicy } from './non-stationary/sliding-window-thompson.policy';
import { slidingWindowUcbPolicy } from './non-stationary/sliding-window-ucb.policy';
import type { PolicyDefinition, PolicyError, PolicyMetadata } from './policy-definition';
import { proportionalCtrPolicy } from './context-free/proportional-ctr.policy';
import { uniformPolicy } from './context-free/uniform.policy';
import { apprenticePolicy } from './wrappers/apprentice.policy';
import { shadowPolicy } from './wrappers/shadow.policy';
import { warmUpPolicy } from './wrappers/warm-up.policy';

const DEFINITIONS: readonly PolicyDefinition[] = [
  autoPolicy,
  fixedOrderPolicy,
  uniformPolicy,
  epsilonGreedyPolicy,
  decayingEpsilonGreedyPolicy,
  softmaxPolicy,
  proportionalCtrPolicy,
  ucb1Policy,
  klUcbPolicy,
  betaThompsonPolicy,
  gaussianThompsonPolicy,
  topTwoThompsonPolicy,
  exp3Policy,
  exp3IxPolicy,
  linearThompsonPolicy,
  linUcbPolicy,
  linearEpsilonGreedyPolicy,
  logisticEpsilonGreedyPolicy,
  squareCbPolicy,
  bootstrappedLinearPolicy,
  logisticThompsonPolicy,
  sharedLinUcbPolicy,
  sharedLinearThompsonPolicy,
  hybridLinUcbPolicy,
  hybridLinearThompsonPolicy,
  hierarchicalThompsonPolicy,
  hierarchicalLinearThompsonPolicy,
  discountedUcbPolicy,
  slidingWindowUcbPolicy,
  discountedThompsonPolicy,
  slidingWindowThompsonPolicy,
  changePointThompsonPolicy,
  warmUpPolicy,
  apprenticePolicy,
  shadowPolicy,
];

/** Every policy that configuration may name. */
export const POLICIES: readonly PolicyMetadata[] = DEFINITIONS;

/**
 * Builds a policy from configuration. An unknown policy, an unknown parameter or a value out of range is refused by name.
 *
 * @param dimension of the contexts; ignored by context-free policies, whose `dimension` is 0
 */
export function createPolicy({ name, params }: Pick<PolicySpec, 'name' | 'params'>, dimension: number): Result<Policy, PolicyError> {
  const definition = DEFINITIONS.find((candidate) => candidate.name === name);
  if (definition !== undefined) return definition.create(params, dimension, (nested) => createPolicy(nested, dimension));
  const known = DEFINITIONS.map((candidate) => candidate.name).join(', ');
  return err({ code: 'UNKNOWN_POLICY', parameter: null, message: `no policy of that name; there are ${known}` });
}
