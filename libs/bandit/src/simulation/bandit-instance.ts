import type { BannerId, Rng } from '@vitrine/kernel';
import type { IdentifyBanner } from '../runtime/learned-state';

/** A made-up world of which everything is known, to see how much a policy loses while it learns. */
export interface BanditInstance {
  readonly name: string;
  /** What it is, in one sentence, for a caption. */
  readonly description: string;
  readonly horizon: number;
  /** Length of the contexts, at least 1; context-free policies do not see them. */
  readonly dimension: number;
  /** Time between rounds, for policies that forget by time. */
  readonly msPerRound: number;
  readonly banners: readonly BannerId[];
  readonly identify?: IdentifyBanner;
  /** One world; worlds of different streams differ where the instance is random. */
  begin(rng: Rng): BanditWorld;
}

export interface BanditWorld {
  /**
   * Moves on to a round.
   *
   * @param context receives the context, shape [dimension]
   * @param rates receives the chance of a reward of 1 per banner, shape [banners]; negative for one that is not there in this round
   */
  enter(round: number, context: Float64Array, rates: Float64Array): void;
}
