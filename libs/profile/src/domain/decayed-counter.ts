import type { DecayedCounter } from './types';

/** Counters of one family share a half-life: only they may be merged or compared. */
export interface DecayFamily {
  readonly name: string;
  readonly halfLifeMs: number;
}

/** Interest in a category: half of it is forgotten in two weeks. Changing the half-life needs a migration of every stored counter. */
export const INTEREST_DECAY: DecayFamily = { name: 'interest', halfLifeMs: 14 * 24 * 60 * 60 * 1000 };

function decayOver(elapsedMs: number, family: DecayFamily): number {
  return 2 ** (-elapsedMs / family.halfLifeMs);
}

/**
 * Adds `amount` that happened at `at`. Forward decay: the later of the two times becomes the counter's own, the other side is aged to it,
 * so the result is the same in whatever order amounts arrive.
 *
 * @param counter null for a counter that never counted
 * @param at ms since the epoch, before or after the counter's own time
 * @see Cormode et al., Forward Decay: A Practical Time Decay Model for Streaming Systems, ICDE 2009, section III
 */
export function foldCounter(counter: DecayedCounter | null, amount: number, at: number, family = INTEREST_DECAY): DecayedCounter {
  return counter === null ? { value: amount, at } : mergeCounters(counter, { value: amount, at }, family);
}

/** The counter that would have seen everything that both have seen. Commutative and associative. */
export function mergeCounters(a: DecayedCounter, b: DecayedCounter, family = INTEREST_DECAY): DecayedCounter {
  const at = Math.max(a.at, b.at);
  return { value: a.value * decayOver(at - a.at, family) + b.value * decayOver(at - b.at, family), at };
}

/** The decayed sum at `nowMs`; a time before the counter's own gives its own value, since the past is not kept. */
export function counterValueAt(counter: DecayedCounter, nowMs: number, family = INTEREST_DECAY): number {
  return counter.value * decayOver(Math.max(0, nowMs - counter.at), family);
}
