import { DomainError } from '@vitrine/kernel';
import type { LoggedRounds, RewardModel } from '../rounds/logged-rounds';

interface EstimatorBase {
  /** Key of the reference format; `docs/evaluation.md` explains each. */
  readonly name: string;
  /** Whether it reads `qHat`. */
  readonly usesModel: boolean;
}

/** Without a parameter. The value of any estimator is the mean of its round terms, so that every interval method fits each of them. */
export interface PlainEstimator extends EstimatorBase {
  /** One term per round, in units of the reward, shape [n]. */
  readonly roundTerms: (rounds: LoggedRounds) => Float64Array;
}

/** The values that an estimator's parameter may take: `min` and `max` included, finite. */
export interface ParameterRange {
  readonly min: number;
  readonly max: number;
}

/** An estimator that trades variance for bias by changing the weights, by as much as its parameter says. */
export interface TunableEstimator extends EstimatorBase {
  readonly range: ParameterRange;
  /** The weight used in place of importance weight w >= 0: at least 0. What tuning compares with w. */
  readonly changedWeight: (weight: number, parameter: number) => number;
  /** @throws DomainError ESTIMATOR_PARAMETER_INVALID; REWARD_MODEL_MISSING where it needs one and there is none */
  readonly roundTerms: (rounds: LoggedRounds, parameter: number) => Float64Array;
}

type TunableDefinition = Omit<TunableEstimator, 'roundTerms'>;

/** Every tunable estimator is IPS or DR with other weights. */
export function tunable(definition: TunableDefinition): TunableEstimator {
  const { usesModel, changedWeight } = definition;
  return {
    ...definition,
    roundTerms: (rounds, parameter) => {
      checkParameter(definition, parameter);
      const weightOf = (weight: number): number => changedWeight(weight, parameter);
      return usesModel ? correctedModel(rounds, weightOf) : weightedRewards(rounds, weightOf);
    },
  };
}

function checkParameter({ name, range: { min, max } }: TunableDefinition, parameter: number): void {
  if (Number.isFinite(parameter) && parameter >= min && parameter <= max) return;
  const range = max === Infinity ? `a finite number, at least ${min}` : `a number from ${min} to ${max}`;
  throw new DomainError('ESTIMATOR_PARAMETER_INVALID', `the parameter of ${name} must be ${range}`, { details: { estimator: name } });
}

/** w' r: rewards, weighted. */
export function weightedRewards({ weight, reward }: LoggedRounds, weightOf: (weight: number) => number): Float64Array {
  return weight.map((w, i) => weightOf(w) * (reward[i] ?? 0));
}

/** v + w' (r - q): the model's value of the policy, plus its error on the logged action, weighted. */
export function correctedModel(rounds: LoggedRounds, weightOf: (weight: number) => number): Float64Array {
  const { ofLogged, ofPolicy } = rewardModelOf(rounds);
  const { weight, reward } = rounds;
  return weight.map((w, i) => (ofPolicy[i] ?? 0) + weightOf(w) * ((reward[i] ?? 0) - (ofLogged[i] ?? 0)));
}

/** @throws DomainError REWARD_MODEL_MISSING */
export function rewardModelOf({ name, model }: LoggedRounds): RewardModel {
  if (model === null)
    throw new DomainError('REWARD_MODEL_MISSING', `case "${name}": this estimator needs the evaluated policy and the rewards of a model`, {
      details: { case: name },
    });
  return model;
}
