import { ok } from '@vitrine/kernel';
import { discountedFamily, DiscountedSums } from '../../statistics/discounted.family';
import { BETA_PARAMETERS, checkedRange } from '../context-free/beta-posterior';
import { definePolicy } from '../policy-definition';
import { DISCOUNT_PARAMETERS } from './forgetting-parameters';
import { timedThompson } from './timed-thompson';

/**
 * Discounted Thompson sampling: Beta(alpha + S, beta + F), S and F the discounted successes and failures; the prior is not discounted, so
 * that a banner nobody shows returns to it. The probability that each draw is the largest comes by quadrature, with the error that
 * `WinnerIntegral` states. A reward counts as a fraction of a success, as in `beta-thompson`.
 *
 * Departs from the source where rounds are not evenly spaced: weights halve every `halfLifeMs`, read in steps of 1/64 half-life (within
 * one the distribution stays the same and costs no new table).
 */
export const discountedThompsonPolicy = definePolicy({
  name: 'discounted-thompson',
  summary: 'Each banner with the probability that it is the best one by now: successes and failures count less the older they are.',
  contextual: false,
  deterministic: false,
  family: 'discounted',
  rewards: 'any',
  complexity: {
    decide: 'O(K) times some hundred quadrature nodes, and a table of about 120 cells per banner when a step of time has passed',
    learn: 'O(1)',
    state: '4 numbers per banner',
  },
  parameters: { ...DISCOUNT_PARAMETERS, ...BETA_PARAMETERS },
  paper: 'Raj & Kalyani, Taming Non-stationary Bandits: A Bayesian Approach, arXiv:1707.09727 (2017), algorithm 1',
  build: (values) => {
    const checked = checkedRange(values);
    if (!checked.ok) return checked;
    const { halfLifeMs, ...prior } = checked.value;
    return ok(
      timedThompson({
        name: 'discounted-thompson',
        family: discountedFamily(halfLifeMs),
        prior,
        sumsOf: (statistics) => new DiscountedSums(statistics, halfLifeMs),
      }),
    );
  },
});
