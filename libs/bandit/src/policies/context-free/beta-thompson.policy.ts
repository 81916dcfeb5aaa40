import { ok } from '@vitrine/kernel';
import { WinnerIntegral } from '../../numeric/winner-integral';
import type { Policy } from '../../policy';
import { countsFamily } from '../../statistics/counts.family';
import { definePolicy } from '../policy-definition';
import { BETA_PARAMETERS, checkedRange, deriveBetaPosterior, winProbabilities, type BetaParameters } from './beta-posterior';

function createBetaThompson(values: BetaParameters): Policy {
  const integral = new WinnerIntegral();
  const untried = deriveBetaPosterior(null, values);
  return {
    name: 'beta-thompson',
    contextual: false,
    deterministic: false,
    family: countsFamily,
    dimension: 0,
    derive: (_arm, statistics) => (statistics === null ? untried : deriveBetaPosterior(statistics, values)),
    distribution: (arms, _point, out) => winProbabilities(arms, integral, out),
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
  complexity: {
    decide: 'O(K) times some hundred quadrature nodes',
    learn: 'O(1), and a table of about 120 cells when first asked for',
    state: '3 numbers per banner',
  },
  parameters: BETA_PARAMETERS,
  paper: 'Agrawal & Goyal, Analysis of Thompson Sampling for the Multi-armed Bandit Problem, COLT 2012',
  build: (values) => {
    const checked = checkedRange(values);
    return checked.ok ? ok(createBetaThompson(checked.value)) : checked;
  },
});
