export type { ArmModel, Policy, PolicySpec, StatisticsFamily } from './policy';
export { countsFamily, COUNTS } from './statistics/counts.family';
export { linearFamily, LINEAR } from './statistics/linear.family';
export { noneFamily } from './statistics/none.family';
export { mergeStatistics } from './statistics/merge-statistics';
export { createPolicy, POLICIES } from './policies/policy-registry';
export type { ListParameter, NumberParameter, PolicyError, PolicyMetadata, PolicyParameter } from './policies/policy-definition';
export { fillSlots, type FilledSlots } from './selection/fill-slots';
export { mixFloor } from './selection/mix-floor';
export { sampleIndex } from './selection/sample-index';
export {
  aggregateReward,
  initialReward,
  rewardTotal,
  type AggregatedReward,
  type RewardAggregation,
  type RewardState,
} from './rewards/aggregate-reward';
export { incompleteBeta } from './numeric/incomplete-beta';
export { logBeta, logGamma } from './numeric/log-gamma';
export { benchPolicies, type PolicyTiming } from './bench/distribution.bench';
