import { validateRounds } from './validate-rounds';

/**
 * What the evaluated policy would do: one table for all rounds, row-major [actions x positions] (each column sums to 1), or one
 * distribution per round, row-major [rounds x actions].
 */
export interface EvaluationPolicy {
  readonly kind: 'table' | 'perRound';
  readonly probabilities: Float64Array;
}

/** Arrays that a caller may call something else in its own format. */
export type RoundField = 'action' | 'position' | 'reward' | 'propensity' | 'evaluationOfLogged' | 'evaluation' | 'qHat';

/** A log of n decisions and a policy to evaluate on it, not yet checked. All arrays are kept, not copied. */
export interface LoggedRoundsInput {
  /** Names the data set in messages and results. */
  readonly name: string;
  /** How the caller's format calls the arrays, for messages; absent: as here. */
  readonly fieldNames?: Readonly<Partial<Record<RoundField, string>>>;
  /** Number of actions K and of positions L. */
  readonly actions: number;
  readonly positions: number;
  /** Logged action, in 0 .. K - 1, shape [n]. */
  readonly action: Int32Array;
  /** Where it was shown, in 0 .. L - 1, shape [n]. */
  readonly position: Int32Array;
  /** What it earned; any finite number, shape [n]. */
  readonly reward: Float64Array;
  /** Probability of the logged action at its position under the policy that logged it, in (0, 1], shape [n]. */
  readonly propensity: Float64Array;
  /** Probability of the same under the evaluated policy, in [0, 1], shape [n]. */
  readonly evaluationOfLogged: Float64Array;
  /** The whole evaluated policy; needed by the model-based estimators and to tell whether it is deterministic. */
  readonly evaluation?: EvaluationPolicy;
  /** Estimated reward of every action in every round, row-major [n x K]; needed by the model-based estimators. */
  readonly qHat?: Float64Array;
}

/** What the estimators read of a reward model. */
export interface RewardModel {
  /** Estimated reward of the logged action, shape [n]. */
  readonly ofLogged: Float64Array;
  /** Estimated reward of the evaluated policy in that round, shape [n]. */
  readonly ofPolicy: Float64Array;
}

/** A checked log. Only {@link loggedRounds} makes one. */
export interface LoggedRounds {
  readonly name: string;
  /** n >= 2. */
  readonly rounds: number;
  readonly reward: Float64Array;
  readonly evaluationOfLogged: Float64Array;
  /** Importance weights, evaluationOfLogged / propensity: finite, >= 0, at least one > 0; shape [n]. */
  readonly weight: Float64Array;
  /** Absent unless both `evaluation` and `qHat` were given. */
  readonly model: RewardModel | null;
  /** Whether every probability of the evaluated policy is 0 or 1; false where the policy was not given. */
  readonly deterministic: boolean;
}

/**
 * Checks a log and derives what the estimators share.
 *
 * @throws DomainError LOGGED_ROUNDS_INVALID (shapes, ranges, numbers that are not finite), PROPENSITY_INVALID (a propensity outside (0, 1],
 * or so small that its weight overflows), NO_OVERLAP (the evaluated policy takes no logged action); each names case, field and row
 */
export function loggedRounds(input: LoggedRoundsInput): LoggedRounds {
  validateRounds(input);
  const { name, reward, propensity, evaluationOfLogged } = input;
  return {
    name,
    rounds: reward.length,
    reward,
    evaluationOfLogged,
    weight: evaluationOfLogged.map((probability, i) => probability / (propensity[i] ?? 1)),
    model: modelOf(input),
    deterministic: isDeterministic(input),
  };
}

function isDeterministic({ evaluation, evaluationOfLogged }: LoggedRoundsInput): boolean {
  const certain = (probability: number): boolean => probability === 0 || probability === 1;
  return evaluation !== undefined && evaluation.probabilities.every(certain) && evaluationOfLogged.every(certain);
}

function modelOf({ action, position, actions, positions, evaluation, qHat }: LoggedRoundsInput): RewardModel | null {
  if (evaluation === undefined || qHat === undefined) return null;
  const { kind, probabilities } = evaluation;
  const stride = kind === 'table' ? positions : 1;
  return {
    ofLogged: Float64Array.from(action, (a, i) => qHat[i * actions + a] ?? 0),
    ofPolicy: Float64Array.from(position, (at, i) => {
      const first = kind === 'table' ? at : i * actions;
      let sum = 0;
      let mass = 0;
      for (let k = 0; k < actions; k++) {
        const probability = probabilities[first + k * stride] ?? 0;
        sum += probability * (qHat[i * actions + k] ?? 0);
        mass += probability;
      }
      return sum / mass; // rounded tables do not sum to 1 exactly
    }),
  };
}
