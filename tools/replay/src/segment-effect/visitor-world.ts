import type { BannerId } from '@vitrine/kernel';

/** One logged decision about a visitor, and what came of it. */
export interface Visit {
  readonly eligible: readonly BannerId[];
  /** Index into `eligible` of what was shown. */
  readonly shown: number;
  readonly reward: number;
  /** Probability with which the log showed it, in (0, 1]. */
  readonly propensity: number;
  readonly situation: Readonly<Record<string, string>>;
}

export interface Visitor {
  /** Known from the first visit on; an empty text is not known. */
  readonly traits: Readonly<Record<string, string>>;
  /** At least one. */
  readonly visits: readonly Visit[];
}

/** People with traits and the log of what they were shown. */
export interface VisitorWorld {
  readonly visitors: readonly Visitor[];
  /** Every value of each field of the situation. */
  readonly situationValues: ReadonlyMap<string, readonly string[]>;
  /** Every value of each trait. */
  readonly traitValues: ReadonlyMap<string, readonly string[]>;
  /** Traits whose values have an order, lowest first: they are numbers to a segment model, where others are one column per value. */
  readonly traitScales: ReadonlyMap<string, readonly string[]>;
}
