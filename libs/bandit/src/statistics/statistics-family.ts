import type { BannerId } from '@vitrine/kernel';

/**
 * One ledger entry as statistics see it. Callers may reuse one object for all entries: a family keeps nothing of it.
 */
export interface Observation {
  /** TRIAL: a banner was shown and has its default reward. REWARD: what a trial earned changed. */
  kind: 'TRIAL' | 'REWARD';
  /** Shape [dimension]; of the trial, in both kinds. */
  context: Float64Array;
  /** TRIAL: the default reward. REWARD: the difference to what the trial had earned before. */
  reward: number;
  /** REWARD: what the trial had earned before; 0 for a TRIAL. */
  before: number;
  /** Probability with which the banner was chosen, in (0, 1]. */
  propensity: number;
  /** When the trial was activated, ms since the epoch; the same in both kinds, so that a reward is discounted like its trial. */
  at: number;
  /** 32-bit hash of the trial, the same in both kinds: seeds what must be random per trial yet repeatable. */
  key: number;
}

/**
 * What one banner has earned, as numbers: how a ledger entry changes them, and how many they are. All zeros know nothing.
 * Families that can also merge or un-fold say so by their type.
 */
export interface StatisticsFamily {
  readonly name: string;
  /** Of the layout: another version cannot read these numbers. */
  readonly version: number;
  /** Whether it reads the context. */
  readonly contextual: boolean;
  /** Doubles per banner. */
  readonly length: number;
  /** Adds one entry, in place. A hot path: allocates nothing. */
  fold(statistics: Float64Array, observation: Observation): void;
  /** Present when banners learn one thing together (an agreement, the weights of a deep model). */
  readonly shared?: SharedFamily;
}

/** State of a policy version that belongs to no banner; folded before the banner's own statistics take the entry. */
export interface SharedFamily {
  readonly length: number;
  /** @param arms statistics of every banner that has any, before this entry */
  fold(shared: Float64Array, arms: ReadonlyMap<BannerId, Float64Array>, entry: { readonly bannerId: BannerId } & Observation): void;
}

/** fold(a ++ b) = merge(fold(a), fold(b)), to rounding. */
export interface Mergeable {
  merge(into: Float64Array, from: Float64Array): void;
}

/** unfold(fold(s, e), e) = s, to 1e-9. */
export interface Unfoldable {
  unfold(statistics: Float64Array, observation: Observation): void;
}

export type AdditiveFamily = StatisticsFamily & Mergeable & Unfoldable;

export function isMergeable<F extends StatisticsFamily>(family: F): family is F & Mergeable {
  return 'merge' in family;
}

export function isUnfoldable<F extends StatisticsFamily>(family: F): family is F & Unfoldable {
  return 'unfold' in family;
}

/** Names the layout of a family's numbers, as stored beside them: `linear/2/595`. */
export function layoutOf({ name, version, length, shared }: StatisticsFamily): string {
  return `${name}/${version}/${length}${shared === undefined ? '' : `+${shared.length}`}`;
}
