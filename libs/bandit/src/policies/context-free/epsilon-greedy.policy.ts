import { ok } from '@vitrine/kernel';
import { Scratch } from '../../numeric/scratch';
import type { Policy } from '../../policy';
import { mixFloor } from '../../selection/mix-floor';
import { countsFamily } from '../../statistics/counts.family';
import { deriveMean, meanOf, type MeanPrior } from './mean-reward';
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

/** The best mean so far with probability 1 - epsilon, any banner with epsilon; ties share. */
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
    priorMean: {
      kind: 'number',
      description: 'Mean reward that a banner is taken to have before it is tried.',
      default: 0,
      min: -1e6,
      max: 1e6,
    },
    priorTrials: { kind: 'number', description: 'How many trials that mean is worth.', default: 0, min: 0, max: 1e6 },
  },
  paper: 'Sutton & Barto, Reinforcement Learning, 2nd ed. (2018), section 2.2',
  build: ({ epsilon, ...prior }) => ok(createEpsilonGreedy(epsilon, prior)),
});
