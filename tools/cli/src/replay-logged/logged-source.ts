import type { IdentifyBanner, LoggedDecision } from '@vitrine/bandit';

/** A decision with what an estimate needs to know of the log. */
export interface SourceDecision extends LoggedDecision {
  /** Probability with which the log showed what it showed, in (0, 1]. */
  readonly propensity: number;
  /** Decisions of one cluster (a person, a page) are not independent. */
  readonly cluster: string;
}

/** Another way of choosing, known beforehand, to compare with. */
export interface Rival {
  readonly name: string;
  /** Probability with which it would have shown what was shown. */
  match(decision: number): number;
}

/** Logged interactions, ready to be replayed. */
export interface LoggedSource {
  /** Rows of the log; those that cannot be judged are left out of `decisions`. */
  readonly interactions: number;
  /** In the order in which they are played. */
  readonly decisions: readonly SourceDecision[];
  /** Length of the contexts. */
  readonly dimension: number;
  readonly identify: IdentifyBanner;
  readonly rivals: readonly Rival[];
  /** What intervals cluster by. */
  readonly clusteredBy: string;
  /** What these data cannot tell. */
  readonly caveats: readonly string[];
}
