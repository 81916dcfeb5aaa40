import { ok } from '@vitrine/kernel';
import { discountedFamily, DiscountedSums } from '../../statistics/discounted.family';
import { definePolicy } from '../policy-definition';
import { BOUND_PARAMETERS, DISCOUNT_PARAMETERS } from './forgetting-parameters';
import { timedUcb } from './timed-ucb';

/**
 * D-UCB: the highest m_a + 2 B sqrt(xi ln n / N_a), where m_a is the discounted mean, N_a the discounted trials of the banner and n of all
 * eligible ones; a banner of which nothing counts any more comes first, ties share.
 *
 * Departs from the source where rounds are not evenly spaced: a trial's weight halves every `halfLifeMs` (gamma = 2^-(time between
 * rounds / halfLifeMs)), read in steps of 1/64 half-life; and ln n is at least 1, as n falls towards 0 while nobody comes.
 */
export const discountedUcbPolicy = definePolicy({
  name: 'discounted-ucb',
  summary: 'The banner that could be the best one by now: a confidence bound on rewards that count less the older they are.',
  contextual: false,
  deterministic: true,
  family: 'discounted',
  rewards: 'any',
  complexity: { decide: 'O(K)', learn: 'O(1)', state: '4 numbers per banner' },
  parameters: { ...DISCOUNT_PARAMETERS, ...BOUND_PARAMETERS },
  paper: 'Garivier & Moulines, On Upper-Confidence Bound Policies for Switching Bandit Problems, ALT 2011, section 2.1',
  build: ({ halfLifeMs, xi, rewardBound }) =>
    ok(
      timedUcb({
        name: 'discounted-ucb',
        family: discountedFamily(halfLifeMs),
        sumsOf: (statistics) => new DiscountedSums(statistics, halfLifeMs),
        radius: (total, trials) => 2 * rewardBound * Math.sqrt((xi * Math.log(Math.max(total, Math.E))) / trials),
      }),
    ),
});
