import { ok } from '@vitrine/kernel';
import { definePolicy } from '../policy-definition';
import { regressionGreedy } from './regression-greedy';

/**
 * The banner with the highest logistic regression estimate with probability 1 - epsilon, any banner with epsilon:
 * p_a = epsilon / K + (1 - epsilon) [a is best] / (number of best). Untried banners have the estimate 1/2: optimistic where rewards are rare.
 */
export const logisticEpsilonGreedyPolicy = definePolicy({
  name: 'logistic-epsilon-greedy',
  summary: 'The highest logistic estimate for this context, except for a fixed share of even exploration.',
  contextual: true,
  deterministic: false,
  family: 'logistic',
  rewards: 'unit',
  complexity: { decide: 'O(K d)', learn: 'O(d^2)', state: '2 + d + d (d + 1) / 2 numbers per banner' },
  parameters: {
    epsilon: { kind: 'number', description: 'Share of even exploration.', default: 0.05, min: 0, max: 1 },
    lambda: { kind: 'number', description: 'Precision of the prior of each weight.', default: 1, min: 1e-6, max: 1e6 },
  },
  paper: 'Langford & Zhang, The Epoch-Greedy Algorithm for Multi-armed Bandits with Side Information, NIPS 2007 (there in epochs)',
  build: ({ epsilon, lambda }, dimension) =>
    ok(regressionGreedy({ name: 'logistic-epsilon-greedy', oracle: 'logistic', dimension, lambda, epsilon })),
});
