export type { ArmIdentity, ArmModel, DecisionPoint, Policy, PolicySpec, PoolDerivation, PoolModel } from './policy';
export {
  isMergeable,
  isUnfoldable,
  type AdditiveFamily,
  type Mergeable,
  type Observation,
  type SharedFamily,
  type StatisticsFamily,
  type Unfoldable,
} from './statistics/statistics-family';
export { countsFamily, COUNTS } from './statistics/counts.family';
export { linearFamily, LINEAR } from './statistics/linear.family';
export { noneFamily } from './statistics/none.family';
export { createPolicy, POLICIES } from './policies/policy-registry';
export type {
  ChoiceParameter,
  ListParameter,
  NestedParameter,
  NestedPolicy,
  NumberParameter,
  PolicyError,
  PolicyMetadata,
  PolicyParameter,
} from './policies/policy-definition';
export { LearnedState, withoutGroups, type IdentifyBanner, type StateSource, type StatisticsByBanner } from './runtime/learned-state';
export { OnlineLearner } from './runtime/online-learner';
export { fillSlots, type FilledSlots } from './selection/fill-slots';
export { mixFloor } from './selection/mix-floor';
export { sampleIndex } from './selection/sample-index';
export { incompleteBeta } from './numeric/incomplete-beta';
export { logBeta, logGamma } from './numeric/log-gamma';
export { benchPolicies, type PolicyTiming } from './bench/distribution.bench';
