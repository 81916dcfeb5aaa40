import { ok } from '@vitrine/kernel';
import { definePolicy } from '../policy-definition';
import { regressionGreedy } from './regression-greedy';

/**
 * The banner with the highest ridge regression estimate x^T A^-1 b with probability 1 - epsilon, any banner with epsilon:
 * p_a = epsilon / K + (1 - epsilon) [a is best] / (number of best). Untried banners have the estimate 0.
 */
export const linearEpsilonGreedyPolicy = definePolicy({
  name: 'linear-epsilon-greedy',
  summary: 'The highest linear estimate for this context, except for a fixed share of even exploration.',
  contextual: true,
  deterministic: false,
  family: 'linear',
  rewards: 'any',
  complexity: { decide: 'O(K d)', learn: 'O(d^2)', state: '3 + d + d (d + 1) / 2 numbers per banner' },
  parameters: {
    epsilon: { kind: 'number', description: 'Share of even exploration.', default: 0.05, min: 0, max: 1 },
    lambda: { kind: 'number', description: 'Ridge: how strongly weights are drawn to 0.', default: 1, min: 1e-6, max: 1e6 },
  },
  paper: 'Langford & Zhang, The Epoch-Greedy Algorithm for Multi-armed Bandits with Side Information, NIPS 2007 (there in epochs)',
  build: ({ epsilon, lambda }, dimension) =>
    ok(regressionGreedy({ name: 'linear-epsilon-greedy', oracle: 'linear', dimension, lambda, epsilon })),
});
