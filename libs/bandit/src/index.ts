export type { ArmIdentity, ArmModel, DecisionPoint, Policy, PolicySpec, PoolDerivation, PoolModel } from './policy';
export {
  isMergeable,
  isUnfoldable,
  layoutOf,
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
export type { RateAlarm } from './policies/non-stationary/change-point';
export { describeChange } from './policies/non-stationary/change-point-thompson.policy';
export { describeApprentice, type Apprenticeship } from './policies/wrappers/apprentice.policy';
export { isShadowed, type ShadowedPolicy } from './policies/wrappers/shadow.policy';
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
export { countsIn, countsTrials } from './priors/counts-in';
export { fitPriorRevision, type PlacementCounts } from './priors/fit-prior-revision';
export { parsePriorRevision } from './priors/parse-prior-revision';
export {
  priorFor,
  type BaseLevel,
  type GroupLevel,
  type LearnedEffect,
  type NormalBelief,
  type PlacementAddress,
  type PlacementPrior,
  type PriorRevision,
} from './priors/prior-revision';
export { LearnedState, withoutGroups, type IdentifyBanner, type StateSource, type StatisticsByBanner } from './runtime/learned-state';
export { OnlineLearner } from './runtime/online-learner';
export { decodePolicyState, encodePolicyState } from './runtime/policy-state.codec';
export {
  DELAY_DISCOUNT_KINDS,
  REWARD_AGGREGATIONS,
  REWARD_EVENT_TYPES,
  VALUE_TRANSFORM_KINDS,
  type DelayDiscount,
  type RewardAggregation,
  type RewardContribution,
  type RewardEventType,
  type RewardFunction,
  type ValueTransform,
} from './rewards/reward-function';
export { parseRewardFunction, type RewardFault } from './rewards/parse-reward-function';
export { rewardOf } from './rewards/reward-of';
export { fillSlots, type FilledSlots } from './selection/fill-slots';
export { mixFloor } from './selection/mix-floor';
export { keyedUniform, raceSlots, stickyKey, type StickyKey } from './selection/sticky-slots';
export { sampleIndex } from './selection/sample-index';
export {
  loggedRounds,
  type EvaluationPolicy,
  type LoggedRounds,
  type LoggedRoundsInput,
  type RewardModel,
} from './evaluation/rounds/logged-rounds';
export { PLAIN_ESTIMATORS, TUNABLE_ESTIMATORS, getTunableEstimator } from './evaluation/estimators/estimator-registry';
export type { ParameterRange, PlainEstimator, TunableEstimator } from './evaluation/estimators/estimator';
export { loggedLists, type ListModelInput, type LoggedLists, type LoggedListsInput } from './evaluation/slots/logged-lists';
export { cascadeDr } from './evaluation/slots/cascade-dr';
export { independentIps } from './evaluation/slots/independent-ips';
export { listIps } from './evaluation/slots/list-ips';
export { rewardInteractionIps } from './evaluation/slots/reward-interaction-ips';
export { weightDiagnostics, type WeightDiagnostics } from './evaluation/weight-diagnostics';
export { meanOf, type Interval } from './evaluation/intervals/moments';
export { roundSe } from './evaluation/intervals/round-se';
export { studentTHalfWidth, studentTInterval } from './evaluation/intervals/student-t-interval';
export { empiricalBernsteinHalfWidth, empiricalBernsteinInterval } from './evaluation/intervals/empirical-bernstein';
export { hoeffdingHalfWidth, hoeffdingInterval } from './evaluation/intervals/hoeffding';
export { bootstrapInterval, type BootstrapOptions } from './evaluation/intervals/bootstrap';
export {
  asymptoticConfidenceSequence,
  rhoTightestAt,
  type ConfidenceSequence,
  type ConfidenceSequenceOptions,
} from './evaluation/intervals/asymptotic-confidence-sequence';
export { tuneBySlope } from './evaluation/tuning/slope';
export { tuneByEstimatedMse } from './evaluation/tuning/estimated-mse';
export type { Tuned, TuningOptions } from './evaluation/tuning/tuning-options';
export { evaluateCase, type CaseEvaluation, type EvaluationParameters } from './evaluation/evaluate-case';
export { choleskyFactor, solveFactored } from './numeric/cholesky-factor';
export { incompleteBeta } from './numeric/incomplete-beta';
export { logBeta, logGamma } from './numeric/log-gamma';
export { sigmoid } from './numeric/sigmoid';
export { studentTQuantile } from './numeric/student-t';
export { labelledOrder } from './simulation/labelled-order';
export { LabelledPlay, type LabelledData, type LabelledPlaySetup } from './simulation/labelled-play';
export { LoggedReplay, type LoggedDecision, type LoggedReplaySetup } from './simulation/logged-replay';
export type { BanditInstance, BanditWorld } from './simulation/bandit-instance';
export { ARRIVALS_INSTANCE, BERNOULLI_INSTANCE, KINDS_INSTANCE, LINEAR_INSTANCE, SWITCHING_INSTANCE } from './simulation/instances';
export { simulateRegret, type RegretSetup } from './simulation/regret-run';
export { PolicyPlayer, type BernoulliPlayer } from './simulation/bernoulli-player';
export { BetaSamplingPlayer, type BetaSampling } from './simulation/beta-sampling-player';
export {
  simulateBernoulli,
  simulateBernoulliRun,
  summariseBernoulli,
  type BernoulliRun,
  type BernoulliStudy,
  type BernoulliSummary,
  type MeanWithError,
} from './simulation/bernoulli-regret';
export { benchPolicies, type PolicyBenchOptions, type PolicyTiming } from './bench/distribution.bench';
export { wilsonInterval, type RateInterval } from './numeric/wilson-interval';
