import { invariant } from '@vitrine/kernel';
import { additiveFamily } from './additive';
import type { AdditiveFamily } from './statistics-family';

/** Layout of the adversarial family: where each number lies. */
export const ADVERSARIAL = { trials: 0, gainSum: 1, lossSum: 2, length: 3 } as const;

/**
 * Importance-weighted sums that do not assume that rewards come from anywhere stable: gains r / (p + gamma) and losses (1 - r) / (p + gamma),
 * p the logged probability of the trial, floors included. With gamma = 0 they are unbiased for what the banner would have earned and lost, had
 * it been shown every time; gamma > 0 ("implicit exploration") trades a little optimism for a bounded variance.
 *
 * The weight belongs to the trial and gains are linear in the reward, so a later reward moves both sums by exactly what it would have
 * counted at once. gamma is one number for all trials: one that changed with time would have to be stored with each of them.
 *
 * @param gamma in [0, 1]
 */
export function adversarialFamily(gamma: number): AdditiveFamily {
  invariant(gamma >= 0 && gamma <= 1, 'implicit exploration is a probability');
  return additiveFamily(
    { name: 'adversarial', version: 1, contextual: false, length: ADVERSARIAL.length },
    (statistics, observation, sign) => {
      const { kind, reward, propensity } = observation;
      const weight = sign / (propensity + gamma);
      const opened = kind === 'TRIAL' ? 1 : 0; // a trial's loss starts at 1, each reward takes its part away
      statistics[ADVERSARIAL.trials] = (statistics[ADVERSARIAL.trials] ?? 0) + sign * opened;
      statistics[ADVERSARIAL.gainSum] = (statistics[ADVERSARIAL.gainSum] ?? 0) + weight * reward;
      statistics[ADVERSARIAL.lossSum] = (statistics[ADVERSARIAL.lossSum] ?? 0) + weight * (opened - reward);
    },
  );
}
