import { ok } from '@vitrine/kernel';
import { definePolicy } from '../policy-definition';
import { HybridLinearScores } from './hybrid-linear';
import { thompsonPolicy } from './normal-scores';
import { OWN_LAMBDA, SHARED_PARAMETERS, WIDTH } from './shared-parameters';

/**
 * Thompson sampling on hybrid linear models: a banner's score at a context is N(z^T beta + x^T theta_a, width^2 s_a) with mean and variance of
 * `HybridLinearScores`: own weights theta_a over the context x, shared ones beta over z = f_a (x) x_head. A banner that nobody
 * has tried starts from what banners of its groups earned, less sure of it the less they earned.
 *
 * Departs from sampling all weights at once: each banner's score is drawn apart from the others', with the same mean and variance, so that
 * the probability of being the largest is an integral in one dimension, with the error that `WinnerIntegral` states.
 */
export const hybridLinearThompsonPolicy = definePolicy({
  name: 'hybrid-linear-thompson',
  summary: 'Each banner with the probability that it is the best, under linear models that start from what banners of their groups earned.',
  contextual: true,
  deterministic: false,
  family: 'linear',
  rewards: 'any',
  complexity: {
    decide: 'O(K (d^2 + h d)) for a head of h',
    learn: 'O(d^2); per revision O(K (m h)^2 + (m h)^3) for m buckets',
    state: '3 + d + d (d + 1) / 2 numbers per banner',
  },
  parameters: { lambda: OWN_LAMBDA, ...SHARED_PARAMETERS, width: WIDTH },
  paper: 'Li, Chu, Langford & Schapire, WWW 2010, algorithm 2 (the model); Agrawal & Goyal, ICML 2013 (the sampling)',
  build: ({ lambda, buckets, head, sharedLambda, width }, dimension) =>
    ok(
      thompsonPolicy(
        'hybrid-linear-thompson',
        new HybridLinearScores({ dimension, buckets, head: Math.min(head, dimension), ridge: sharedLambda, ownRidge: lambda }),
        width,
      ),
    ),
});
