import { ok } from '@vitrine/kernel';
import { definePolicy } from '../policy-definition';
import { thompsonPolicy } from './normal-scores';
import { SharedLinearScores } from './shared-linear';
import { SHARED_PARAMETERS, WIDTH } from './shared-parameters';

/**
 * Thompson sampling on one Bayesian linear regression for all banners, beta ~ N(P^-1 b, width^2 P^-1) over z = f_a (x) x_head, the products of
 * a banner's hashed groups and the first values of the context.
 *
 * Departs from the source, which draws one beta for all banners: here each banner's score z_a^T beta is drawn apart from the others', with
 * the same mean and variance. The probability of being the largest is then an integral in one dimension instead of K, solved by quadrature
 * with the error that `WinnerIntegral` states. Of two banners whose scores rise together the worse looking one is shown more often for it.
 */
export const sharedLinearThompsonPolicy = definePolicy({
  name: 'shared-linear-thompson',
  summary: 'Each banner with the probability that it is the best, under one linear model that knows banners by their groups only.',
  contextual: true,
  deterministic: false,
  family: 'linear',
  rewards: 'any',
  complexity: {
    decide: 'O(K h^2) for a head of h',
    learn: 'O(d^2); per revision O(K (m h)^2 + (m h)^3) for m buckets',
    state: '3 + d + d (d + 1) / 2 numbers per banner',
  },
  parameters: { ...SHARED_PARAMETERS, width: WIDTH },
  paper: 'Agrawal & Goyal, Thompson Sampling for Contextual Bandits with Linear Payoffs, ICML 2013, algorithm 1',
  build: ({ buckets, head, sharedLambda, width }, dimension) =>
    ok(
      thompsonPolicy(
        'shared-linear-thompson',
        new SharedLinearScores(dimension, { buckets, head: Math.min(head, dimension), ridge: sharedLambda }),
        width,
      ),
    ),
});
