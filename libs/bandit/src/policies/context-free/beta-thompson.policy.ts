import { invariant, ok } from '@vitrine/kernel';
import { logitBeta, type LogitBeta } from '../../numeric/logit-beta';
import { WinnerIntegral } from '../../numeric/winner-integral';
import type { Policy } from '../../policy';
import { COUNTS, countsFamily } from '../../statistics/counts.family';
import { definePolicy, parameterInvalid, type ParameterValues } from '../policy-definition';

const parameters = {
  alpha: { kind: 'number', description: 'Successes of the prior.', default: 1, min: 0.1, max: 1e6 },
  beta: { kind: 'number', description: 'Failures of the prior.', default: 1, min: 0.1, max: 1e6 },
  rewardMin: { kind: 'number', description: 'Reward that counts as a whole failure.', default: 0, min: -1e9, max: 1e9 },
  rewardMax: { kind: 'number', description: 'Reward that counts as a whole success.', default: 1, min: -1e9, max: 1e9 },
} as const;
type BetaParameters = ParameterValues<typeof parameters>;

/** The posterior of one banner, tabulated once per state revision. */
class BetaPosterior {
  constructor(readonly logit: LogitBeta) {}
}

function derivePosterior(statistics: Float64Array | null, { alpha, beta, rewardMin, rewardMax }: BetaParameters): BetaPosterior {
  const trials = Math.max(statistics?.[COUNTS.trials] ?? 0, 0);
  const scaled = ((statistics?.[COUNTS.rewardSum] ?? 0) - trials * rewardMin) / (rewardMax - rewardMin);
  const successes = Math.min(Math.max(scaled, 0), trials);
  return new BetaPosterior(logitBeta(alpha + successes, beta + trials - successes));
}

function createBetaThompson(values: BetaParameters): Policy {
  const integral = new WinnerIntegral();
  const untried = derivePosterior(null, values);
  return {
    name: 'beta-thompson',
    contextual: false,
    deterministic: false,
    family: countsFamily,
    dimension: 0,
    derive: (_arm, statistics) => (statistics === null ? untried : derivePosterior(statistics, values)),
    distribution(arms, _point, out) {
      invariant(arms.length > 0 && out.length === arms.length, 'one probability per eligible banner');
      integral.reserve(arms.length);
      for (let i = 0; i < arms.length; i++) {
        const model = arms[i];
        invariant(model instanceof BetaPosterior, 'beta-thompson reads its own models');
        const { cdf, start, width, scale } = model.logit;
        integral.set(i, { table: cdf, start, width, scale });
      }
      integral.solve(out);
    },
  };
}

/**
 * Thompson sampling on Beta posteriors, as the probability that each banner's draw is the largest: by quadrature, with the
 * error that `WinnerIntegral` states, not by sampling. A reward r in [rewardMin, rewardMax] counts as the fraction
 * (r - rewardMin) / (rewardMax - rewardMin) of a success (departs from the source, which flips a coin with that chance).
 */
export const betaThompsonPolicy = definePolicy({
  name: 'beta-thompson',
  summary: 'Each banner with the probability that it is the best one, given its successes and failures.',
  contextual: false,
  deterministic: false,
  family: 'counts',
  rewards: 'any',
  complexity: { decide: 'O(K) times some hundred quadrature nodes', learn: 'O(1)', state: '3 numbers per banner' },
  parameters,
  paper: 'Agrawal & Goyal, Analysis of Thompson Sampling for the Multi-armed Bandit Problem, COLT 2012',
  build: (values) =>
    values.rewardMin < values.rewardMax ? ok(createBetaThompson(values)) : parameterInvalid('rewardMax', 'must be greater than rewardMin'),
});
