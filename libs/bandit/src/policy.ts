import type { BannerId } from '@vitrine/kernel';

/**
 * What one banner has earned, as plain additive numbers: folding adds, un-folding subtracts, merging adds element by element.
 * The layout belongs to the family.
 */
export interface StatisticsFamily {
  readonly name: 'none' | 'counts' | 'linear';
  /** Number of doubles that one banner's statistics take for contexts of this dimension. */
  length(dimension: number): number;
  /**
   * Adds (`sign` 1) or takes out (`sign` -1) one trial with its default reward.
   * @param context shape [dimension]; ignored by context-free families
   */
  addTrial(statistics: Float64Array, context: Float64Array, reward: number, sign: 1 | -1): void;
  /** Adds or takes out a reward delta of a trial that was added before with the same context. */
  addReward(statistics: Float64Array, context: Float64Array, delta: number, sign: 1 | -1): void;
}

/** What a policy derives from one banner's statistics at one state revision (a posterior, a factorisation); never authoritative, freely cached. */
export type ArmModel = unknown;

/**
 * A function to a probability distribution (decision D1). Immutable; holds no learned state.
 * `distribution` is a hot path: it writes into `out`, allocates nothing that it can reuse, and is deterministic.
 */
export interface Policy {
  readonly name: string;
  /** Whether it reads the context. */
  readonly contextual: boolean;
  /** Whether one banner takes the whole probability unless banners tie: such logs carry no evidence on the others, unless a floor was mixed in. */
  readonly deterministic: boolean;
  readonly family: StatisticsFamily;
  /** Dimension of the contexts it takes; 0 for a context-free policy. */
  readonly dimension: number;
  /** @param statistics shape [family.length(dimension)], or null for a banner that nobody has tried. */
  derive(banner: BannerId, statistics: Float64Array | null): ArmModel;
  /**
   * @param arms models of the eligible banners, n >= 1, in any order (the order never matters to the probabilities)
   * @param context shape [dimension], finite
   * @param out shape [n]: receives probabilities, each >= 0, summing to 1 within 1e-12
   */
  distribution(arms: readonly ArmModel[], context: Float64Array, out: Float64Array): void;
}

/** A policy's name and parameters as configuration holds them. */
export interface PolicySpec {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Share of the eligible set's probability that is spread evenly: final p = (1 - floor) p + floor / n. In [0, 1). */
  readonly floor: number;
}
