import type { LoggedLists } from './logged-lists';

/**
 * Standard IPS over whole lists: (product of the slots' weights) x (sum of their rewards). Unbiased however the slots influence each
 * other; its variance grows exponentially with the number of slots.
 *
 * @returns one term per list, in units of the reward, shape [lists]; their mean is the estimate
 * @see Swaminathan et al., Off-policy Evaluation for Slate Recommendation, NeurIPS 2017
 */
export function listIps({ lists, slots, weight, reward }: LoggedLists): Float64Array {
  const terms = new Float64Array(lists);
  for (let list = 0; list < lists; list++) {
    let product = 1;
    let sum = 0;
    for (let at = list * slots; at < (list + 1) * slots; at++) {
      product *= weight[at] ?? 0;
      sum += reward[at] ?? 0;
    }
    terms[list] = product * sum;
  }
  return terms;
}
