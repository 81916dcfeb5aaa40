import type { LoggedLists } from './logged-lists';

/** What one slot adds to the term of its list. */
type SlotTerm = (at: number, prefixWeight: number, prefixWeightBefore: number) => number;

/**
 * One term per list, the sum over its slots.
 *
 * @param slotTerm gets the index of the slot in the [lists x slots] arrays, the product of the weights up to and including it, and the
 * product of those before it (1 for the first)
 */
export function sumOverSlots({ lists, slots, weight }: LoggedLists, slotTerm: SlotTerm): Float64Array {
  const terms = new Float64Array(lists);
  for (let list = 0; list < lists; list++) {
    let before = 1;
    let sum = 0;
    for (let at = list * slots; at < (list + 1) * slots; at++) {
      const prefix = before * (weight[at] ?? 0);
      sum += slotTerm(at, prefix, before);
      before = prefix;
    }
    terms[list] = sum;
  }
  return terms;
}
