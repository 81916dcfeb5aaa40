import { ok } from '@vitrine/kernel';
import { Scratch } from '../../numeric/scratch';
import type { Policy } from '../../policy';
import { mixFloor } from '../../selection/mix-floor';
import { countsFamily } from '../../statistics/counts.family';
import { deriveMean, MEAN_PRIOR_PARAMETERS, meanOf, type MeanPrior } from './mean-reward';
import { oneHot } from '../one-hot';
import { definePolicy } from '../policy-definition';

function createEpsilonGreedy(epsilon: number, prior: MeanPrior): Policy {
  const scratch = new Scratch();
  return {
    name: 'epsilon-greedy',
    contextual: false,
    deterministic: epsilon === 0,
    family: countsFamily,
    dimension: 0,
    derive: (_arm, statistics) => deriveMean(statistics, prior, prior.priorMean),
    distribution(arms, _point, out) {
      const means = scratch.take(arms.length);
      for (let i = 0; i < arms.length; i++) means[i] = meanOf(arms[i]);
      oneHot(means, arms.length, out);
      mixFloor(out, epsilon);
    },
  };
}

/**
 * p_a = epsilon / K + (1 - epsilon) [a has the best mean so far] / (number of such banners). Ties share where the source breaks them at
 * random, which gives the same probabilities. An untried banner is read at `priorMean`: below every earning one by default, so it is found
 * by exploration only.
 */
export const epsilonGreedyPolicy = definePolicy({
  name: 'epsilon-greedy',
  summary: 'The best average so far, except for a fixed share of even exploration.',
  contextual: false,
  deterministic: false,
  family: 'counts',
  rewards: 'any',
  complexity: { decide: 'O(K)', learn: 'O(1)', state: '3 numbers per banner' },
  parameters: {
    epsilon: { kind: 'number', description: 'Share of even exploration.', default: 0.1, min: 0, max: 1 },
    ...MEAN_PRIOR_PARAMETERS,
  },
  paper: 'Sutton & Barto, Reinforcement Learning, 2nd ed. (2018), section 2.2',
  build: ({ epsilon, ...prior }) => ok(createEpsilonGreedy(epsilon, prior)),
});
