import { invariant, ok, type Result } from '@vitrine/kernel';
import { logitBeta, type LogitBeta } from '../../numeric/logit-beta';
import { LogitBetaTail } from '../../numeric/logit-beta-tail';
import type { WinnerIntegral } from '../../numeric/winner-integral';
import type { ArmModel } from '../../policy';
import { COUNTS } from '../../statistics/counts.family';
import { parameterInvalid, type ParameterValues, type PolicyError } from '../policy-definition';
import { trialsIn } from './mean-reward';

/** What policies on Beta posteriors are told. */
export const BETA_PARAMETERS = {
  alpha: { kind: 'number', unit: 'successes', description: 'Successes of the prior.', default: 1, min: 0.1, max: 1e6 },
  beta: { kind: 'number', unit: 'failures', description: 'Failures of the prior.', default: 1, min: 0.1, max: 1e6 },
  rewardMin: { kind: 'number', unit: 'reward', description: 'Reward that counts as a whole failure.', default: 0, min: -1e9, max: 1e9 },
  rewardMax: { kind: 'number', unit: 'reward', description: 'Reward that counts as a whole success.', default: 1, min: -1e9, max: 1e9 },
} as const;
export type BetaParameters = ParameterValues<typeof BETA_PARAMETERS>;

/** Refuses a range of rewards that is none. */
export function checkedRange<V extends BetaParameters>(values: V): Result<V, PolicyError> {
  return values.rewardMin < values.rewardMax ? ok(values) : parameterInvalid('rewardMax', 'must be greater than rewardMin');
}

/** The Beta(a, b) posterior of one banner's rate, tabulated once per state revision. */
export class BetaPosterior {
  readonly logit: LogitBeta;
  private measuredTail: LogitBetaTail | null = null;

  constructor(
    readonly a: number,
    readonly b: number,
  ) {
    this.logit = logitBeta(a, b);
  }

  /** For improbable events; measured when first asked for, as most policies never do. */
  get tail(): LogitBetaTail {
    this.measuredTail ??= new LogitBetaTail(this.a, this.b, this.logit);
    return this.measuredTail;
  }
}

/** Prior plus counts; a reward r counts as the fraction (r - rewardMin) / (rewardMax - rewardMin) of a success. */
export function deriveBetaPosterior(statistics: Float64Array | null, { alpha, beta, rewardMin, rewardMax }: BetaParameters): BetaPosterior {
  const trials = trialsIn(statistics);
  const scaled = ((statistics?.[COUNTS.rewardSum] ?? 0) - trials * rewardMin) / (rewardMax - rewardMin);
  const successes = Math.min(Math.max(scaled, 0), trials);
  return new BetaPosterior(alpha + successes, beta + trials - successes);
}

export function betaPosterior(model: ArmModel): BetaPosterior {
  invariant(model instanceof BetaPosterior, 'a policy on Beta posteriors reads its own models');
  return model;
}

/** Writes for each banner the probability that its draw is the largest; errors as `WinnerIntegral` states. */
export function winProbabilities(arms: readonly ArmModel[], integral: WinnerIntegral, out: Float64Array): void {
  invariant(arms.length > 0 && out.length === arms.length, 'one probability per eligible banner');
  integral.reserve(arms.length);
  for (let i = 0; i < arms.length; i++) {
    const { cdf, start, width, scale } = betaPosterior(arms[i]).logit;
    integral.set(i, { table: cdf, start, width, scale });
  }
  integral.solve(out);
}
