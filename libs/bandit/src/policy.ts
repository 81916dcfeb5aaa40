import type { BannerId } from '@vitrine/kernel';
import type { PlacementPrior } from './priors/prior-revision';
import type { Observation, StatisticsFamily } from './statistics/statistics-family';

/** Who a banner is, for policies in which banners learn from each other. */
export interface ArmIdentity {
  readonly id: BannerId;
  /** What it has in common with others, widest first: `campaign:summer`, `category:shoes`, `tag:sale`. */
  readonly groups: readonly string[];
}

/** What a policy derives from one banner's statistics at one state revision (a posterior, a factorisation); never authoritative, freely cached. */
export type ArmModel = unknown;

/** What a policy derives from all banners at one state revision (a common prior, weights of learners). */
export type PoolModel = unknown;

/** When and for whom a decision is made. Callers may reuse one object: a policy keeps nothing of it. */
export interface DecisionPoint {
  /** Shape [dimension], finite. */
  readonly context: Float64Array;
  /** ms since the epoch; discounted statistics are read at it. */
  readonly at: number;
  /** Of the state that the arms belong to; null when the policy has none. */
  readonly pool: PoolModel;
}

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
  /** @param statistics shape [family.length], or null for a banner that nobody has tried. */
  derive(arm: ArmIdentity, statistics: Float64Array | null): ArmModel;
  /**
   * @param arms models of the eligible banners, n >= 1, in any order (the order never matters to the probabilities)
   * @param out shape [n]: receives probabilities, each >= 0, summing to 1 within 1e-12
   */
  distribution(arms: readonly ArmModel[], point: DecisionPoint, out: Float64Array): void;
  /** Present when banners inform each other: once per state revision, from the models of every banner that has statistics. */
  readonly pool?: PoolDerivation;
  /**
   * Present when a model can follow one entry in less time than `derive` takes; changes it in place, to within rounding of what `derive`
   * would give. For learners that decide after every entry; a gateway derives.
   *
   * @param statistics with the entry already folded in
   */
  follow?(model: ArmModel, statistics: Float64Array, observation: Observation): void;
}

export interface PoolDerivation {
  /** Whether it costs so much more than a decision that an online learner refreshes it only as data grow (each 2 %). */
  readonly heavy: boolean;
  /** Whether it can start from what other placements learned; a wrapper passes on what the wrapped policy says. */
  readonly readsPrior?: boolean;
  /**
   * @param shared state that belongs to no banner; null for none
   * @param prior of the placement; null (or absent) for none
   */
  derive(arms: readonly ArmModel[], shared: Float64Array | null, prior?: PlacementPrior | null): PoolModel;
}

/** A policy's name and parameters as configuration holds them. */
export interface PolicySpec {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Share of the eligible set's probability that is spread evenly: final p = (1 - floor) p + floor / n. In [0, 1). */
  readonly floor: number;
  /**
   * A visitor keeps a banner within a period while probabilities move little: draws of one period share a seed (`raceSlots`). Absent or null:
   * every decision draws anew.
   */
  readonly sticky?: { readonly periodMinutes: number } | null;
}
