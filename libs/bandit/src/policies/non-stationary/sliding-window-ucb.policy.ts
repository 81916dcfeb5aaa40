import { ok } from '@vitrine/kernel';
import { windowedFamily, WindowedSums } from '../../statistics/windowed.family';
import { definePolicy } from '../policy-definition';
import { BOUND_PARAMETERS, WINDOW_PARAMETERS } from './forgetting-parameters';
import { timedUcb } from './timed-ucb';

/**
 * SW-UCB: the highest m_a + B sqrt(xi ln n / N_a), where mean and trials N_a are those of the banner in the window and n the trials of all
 * eligible ones in it (min(t, tau) of the source); a banner without trials in the window comes first, ties share.
 *
 * Departs from the source, whose window counts rounds: this one is a stretch of time, in whole buckets.
 */
export const slidingWindowUcbPolicy = definePolicy({
  name: 'sliding-window-ucb',
  summary: 'The banner that could be the best one by now: a confidence bound on the rewards of a recent stretch of time.',
  contextual: false,
  deterministic: true,
  family: 'windowed',
  rewards: 'any',
  complexity: { decide: 'O(K), and O(B) per banner when one of B buckets has passed', learn: 'O(1)', state: '4 B numbers per banner' },
  parameters: { ...WINDOW_PARAMETERS, ...BOUND_PARAMETERS },
  paper: 'Garivier & Moulines, On Upper-Confidence Bound Policies for Switching Bandit Problems, ALT 2011, section 2.2',
  build: ({ windowMs, buckets, xi, rewardBound }) =>
    ok(
      timedUcb({
        name: 'sliding-window-ucb',
        family: windowedFamily({ windowMs, buckets }),
        sumsOf: (statistics) => new WindowedSums(statistics, { windowMs, buckets }),
        radius: (total, trials) => rewardBound * Math.sqrt((xi * Math.log(Math.max(total, 1))) / trials),
      }),
    ),
});
