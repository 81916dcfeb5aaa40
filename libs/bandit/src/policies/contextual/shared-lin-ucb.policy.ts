import { ok } from '@vitrine/kernel';
import { definePolicy } from '../policy-definition';
import { upperBoundPolicy } from './normal-scores';
import { SharedLinearScores } from './shared-linear';
import { ALPHA, SHARED_PARAMETERS } from './shared-parameters';

/**
 * The banner with the highest z^T beta + alpha sqrt(z^T P^-1 z), ties sharing: one ridge regression for all banners over z = f_a (x) x_head,
 * the products of a banner's hashed groups and the first values of the context. Products, because only an interaction lets the same
 * visitor prefer one kind of banner and another visitor the other; a sum of both would rank banners alike for everybody.
 *
 * Banners of the same groups are the same to it. A banner that nobody has tried stands where its groups stand.
 */
export const sharedLinUcbPolicy = definePolicy({
  name: 'shared-lin-ucb',
  summary: 'The highest upper bound under one linear model that knows banners by their groups only. Its logs need a floor to be evaluated.',
  contextual: true,
  deterministic: true,
  family: 'linear',
  rewards: 'any',
  complexity: {
    decide: 'O(K h^2) for a head of h',
    learn: 'O(d^2); per revision O(K (m h)^2 + (m h)^3) for m buckets',
    state: '3 + d + d (d + 1) / 2 numbers per banner',
  },
  parameters: { ...SHARED_PARAMETERS, alpha: ALPHA },
  paper:
    'Abbasi-Yadkori, Pal & Szepesvari, Improved Algorithms for Linear Stochastic Bandits, NIPS 2011, section 3; Chu, Li, Reyzin & Schapire, AISTATS 2011',
  build: ({ buckets, head, sharedLambda, alpha }, dimension) =>
    ok(
      upperBoundPolicy(
        'shared-lin-ucb',
        new SharedLinearScores(dimension, { buckets, head: Math.min(head, dimension), ridge: sharedLambda }),
        alpha,
      ),
    ),
});
