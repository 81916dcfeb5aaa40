import { ok } from '@vitrine/kernel';
import { definePolicy } from '../policy-definition';
import { HybridLinearScores } from './hybrid-linear';
import { upperBoundPolicy } from './normal-scores';
import { ALPHA, OWN_LAMBDA, SHARED_PARAMETERS } from './shared-parameters';

/**
 * LinUCB with hybrid linear models: the banner with the highest z^T beta + x^T theta_a + alpha sqrt(s_a), ties sharing. theta_a are a banner's own
 * weights over the context x, beta is shared by all over z = f_a (x) x_head, the products of a banner's hashed groups and the first
 * values of the context. A banner that nobody has tried starts from what banners of its groups earned. The formulas: `HybridLinearScores`.
 */
export const hybridLinUcbPolicy = definePolicy({
  name: 'hybrid-lin-ucb',
  summary: 'LinUCB in which a new banner starts from what banners of its groups earned. Its logs need a floor to be evaluated.',
  contextual: true,
  deterministic: true,
  family: 'linear',
  rewards: 'any',
  complexity: {
    decide: 'O(K (d^2 + h d)) for a head of h',
    learn: 'O(d^2); per revision O(K (m h)^2 + (m h)^3) for m buckets',
    state: '3 + d + d (d + 1) / 2 numbers per banner',
  },
  parameters: { lambda: OWN_LAMBDA, ...SHARED_PARAMETERS, alpha: ALPHA },
  paper: 'Li, Chu, Langford & Schapire, A Contextual-Bandit Approach to Personalized News Article Recommendation, WWW 2010, algorithm 2',
  build: ({ lambda, buckets, head, sharedLambda, alpha }, dimension) =>
    ok(
      upperBoundPolicy(
        'hybrid-lin-ucb',
        new HybridLinearScores({ dimension, buckets, head: Math.min(head, dimension), ridge: sharedLambda, ownRidge: lambda }),
        alpha,
      ),
    ),
});
