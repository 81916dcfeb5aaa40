import { ok } from '@vitrine/kernel';
import { windowedFamily, WindowedSums } from '../../statistics/windowed.family';
import { BETA_PARAMETERS, checkedRange } from '../context-free/beta-posterior';
import { definePolicy } from '../policy-definition';
import { WINDOW_PARAMETERS } from './forgetting-parameters';
import { timedThompson } from './timed-thompson';

/**
 * Sliding-window Thompson sampling: Beta(alpha + S, beta + F), S and F the successes and failures in the window. The probability that each
 * draw is the largest comes by quadrature, with the error that `WinnerIntegral` states. A reward counts as a fraction of a success, as in
 * `beta-thompson`.
 *
 * Departs from the source, whose window counts rounds: this one is a stretch of time, in whole buckets.
 */
export const slidingWindowThompsonPolicy = definePolicy({
  name: 'sliding-window-thompson',
  summary: 'Each banner with the probability that it is the best one by now, given the successes and failures of a recent stretch of time.',
  contextual: false,
  deterministic: false,
  family: 'windowed',
  rewards: 'any',
  complexity: {
    decide: 'O(K) times some hundred quadrature nodes, and a table of about 120 cells per banner when a bucket has passed',
    learn: 'O(1)',
    state: '4 B numbers per banner, B buckets',
  },
  parameters: { ...WINDOW_PARAMETERS, ...BETA_PARAMETERS },
  paper: 'Trovo, Paladino, Restelli & Gatti, Sliding-Window Thompson Sampling for Non-Stationary Environments, JAIR 68 (2020), section 4',
  build: (values) => {
    const checked = checkedRange(values);
    if (!checked.ok) return checked;
    const { windowMs, buckets, ...prior } = checked.value;
    return ok(
      timedThompson({
        name: 'sliding-window-thompson',
        family: windowedFamily({ windowMs, buckets }),
        prior,
        sumsOf: (statistics) => new WindowedSums(statistics, { windowMs, buckets }),
      }),
    );
  },
});
