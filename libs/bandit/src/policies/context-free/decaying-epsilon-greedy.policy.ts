import { ok } from '@vitrine/kernel';
import { Scratch } from '../../numeric/scratch';
import type { Policy } from '../../policy';
import { mixFloor } from '../../selection/mix-floor';
import { countsFamily } from '../../statistics/counts.family';
import { oneHot } from '../one-hot';
import { definePolicy, type ParameterValues } from '../policy-definition';
import { deriveMean, MEAN_PRIOR_PARAMETERS, meanOf, totalTrials } from './mean-reward';

const parameters = {
  scale: {
    kind: 'number',
    description: 'The constant c of the schedule: how much is explored in all. The theorem wants more than 5, practice far less.',
    default: 0.1,
    min: 0,
    max: 1e6,
  },
  gap: {
    kind: 'number',
    unit: 'reward',
    description: 'The constant d of the schedule: a lower bound on the distance in mean reward from the best banner to the second.',
    default: 0.05,
    min: 1e-6,
    max: 1e6,
  },
  ...MEAN_PRIOR_PARAMETERS,
} as const;

/** epsilon_t = min(1, c K / (d^2 t)); 1 before the first trial. */
function epsilonAt(trials: number, banners: number, { scale, gap }: { readonly scale: number; readonly gap: number }): number {
  const owed = (scale * banners) / (gap * gap);
  return trials > owed ? owed / trials : 1;
}

function createDecayingEpsilonGreedy(values: ParameterValues<typeof parameters>): Policy {
  const scratch = new Scratch();
  return {
    name: 'decaying-epsilon-greedy',
    contextual: false,
    deterministic: false,
    family: countsFamily,
    dimension: 0,
    derive: (_arm, statistics) => deriveMean(statistics, values, values.priorMean),
    distribution(arms, _point, out) {
      const means = scratch.take(arms.length);
      for (let i = 0; i < arms.length; i++) means[i] = meanOf(arms[i]);
      oneHot(means, arms.length, out);
      mixFloor(out, epsilonAt(totalTrials(arms), arms.length, values));
    },
  };
}

/**
 * Epsilon-greedy whose exploration fades: epsilon_t = min(1, c K / (d^2 t)) for K eligible banners with t trials in all. The regret grows
 * with ln t if d is at most the distance from the best mean to the second, c > 5 and rewards lie in [0, 1]. Departs from the source in
 * counting t over the banners that are eligible, not over rounds, as eligibility changes here; ties share.
 */
export const decayingEpsilonGreedyPolicy = definePolicy({
  name: 'decaying-epsilon-greedy',
  summary: 'The best average so far, except for a share of even exploration that fades like one over the trials.',
  contextual: false,
  deterministic: false,
  family: 'counts',
  rewards: 'any',
  complexity: { decide: 'O(K)', learn: 'O(1)', state: '3 numbers per banner' },
  parameters,
  paper:
    'Auer, Cesa-Bianchi & Fischer, Finite-time Analysis of the Multiarmed Bandit Problem, Machine Learning 47 (2002), section 2, epsilon_n-GREEDY',
  build: (values) => ok(createDecayingEpsilonGreedy(values)),
});
