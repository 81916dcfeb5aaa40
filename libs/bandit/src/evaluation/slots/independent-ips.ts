import { DomainError } from '@vitrine/kernel';
import type { LoggedLists } from './logged-lists';
import { sumOverSlots } from './sum-over-slots';

/**
 * Independent IPS: sum over slots of (marginal weight) x (reward). Unbiased when the reward of a slot depends on what that slot holds
 * and on nothing else; by far the least variance.
 *
 * The weights are marginal ones: with banners drawn without repetition the conditional ones would still carry the
 * slots before, under the logging policy. Where slots are drawn independently both are the same.
 *
 * @returns one term per list, in units of the reward, shape [lists]; their mean is the estimate
 * @throws DomainError LOGGED_ROUNDS_INVALID without marginal propensities
 * @see Li, Abbasi-Yadkori, Kveton, Muthukrishnan, Vinay & Wen, Offline Evaluation of Ranking Policies with Click Models, KDD 2018
 */
export function independentIps(lists: LoggedLists): Float64Array {
  const { name, marginalWeight, reward } = lists;
  if (marginalWeight === null)
    throw new DomainError('LOGGED_ROUNDS_INVALID', `case "${name}", marginal: independent IPS weights by marginal propensities`, {
      details: { case: name, field: 'marginal' },
    });
  return sumOverSlots(lists, (at) => (marginalWeight[at] ?? 0) * (reward[at] ?? 0));
}
