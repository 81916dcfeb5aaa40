import type { LoggedLists } from './logged-lists';
import { sumOverSlots } from './sum-over-slots';

/**
 * Reward-interaction IPS: sum over slots of (product of the weights up to the slot) x (reward). Unbiased when the reward of a
 * slot depends on that slot and those before it, as for a person who reads from the top.
 *
 * @returns one term per list, in units of the reward, shape [lists]; their mean is the estimate
 * @see McInerney, Brost, Chandar, Mehrotra & Carterette, Counterfactual Evaluation of Slate Recommendations with Sequential Reward
 * Interactions, KDD 2020
 */
export function rewardInteractionIps(lists: LoggedLists): Float64Array {
  const { reward } = lists;
  return sumOverSlots(lists, (at, prefixWeight) => prefixWeight * (reward[at] ?? 0));
}
