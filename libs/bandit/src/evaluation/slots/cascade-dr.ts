import { DomainError } from '@vitrine/kernel';
import type { LoggedLists } from './logged-lists';
import { sumOverSlots } from './sum-over-slots';

/**
 * Cascade doubly robust: sum over slots l of w_{1:l} (r_l - Q_l) + w_{1:l-1} V_l, with Q_l the modelled value to go of the logged action
 * and V_l that of the evaluated policy. Unbiased under the assumption of `rewardInteractionIps` whatever the model, with its
 * variance reduced to that of the model's errors.
 *
 * @returns one term per list, in units of the reward, shape [lists]; their mean is the estimate
 * @throws DomainError REWARD_MODEL_MISSING
 * @see Kiyohara, Saito, Matsuhiro, Narita, Shimizu & Yamamoto, Doubly Robust Off-Policy Evaluation for Ranking Policies under the Cascade
 * Behavior Model, WSDM 2022
 */
export function cascadeDr(lists: LoggedLists): Float64Array {
  const { name, model, reward } = lists;
  if (model === null)
    throw new DomainError('REWARD_MODEL_MISSING', `case "${name}": cascade DR needs a model of the rewards to go`, {
      details: { case: name },
    });
  const { ofLogged, ofPolicy } = model;
  return sumOverSlots(lists, (at, prefix, before) => prefix * ((reward[at] ?? 0) - (ofLogged[at] ?? 0)) + before * (ofPolicy[at] ?? 0));
}
