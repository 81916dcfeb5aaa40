import type { ProfileEvent, ProfileEventType } from '../profile-event';
import type { Purpose } from '../types';

/** One entry of a table: what a feature says of a category, a campaign, an hour. */
export interface KeyedValue {
  readonly key: string;
  readonly value: number;
}

/** Null where nothing is known. A TIME is ms since the epoch. */
export type FeatureValue = number | string | null | readonly KeyedValue[];

export const FEATURE_TYPES = ['NUMBER', 'TEXT', 'TIME', 'TABLE'] as const;
export type FeatureType = (typeof FEATURE_TYPES)[number];

/** What the catalogue, the documents and the API say about one feature. */
export interface FeatureDeclaration {
  readonly name: string;
  readonly description: string;
  readonly type: FeatureType;
  readonly unit: string;
  /** What it remembers: everything, or the newest of something. */
  readonly window: string;
  /** Of a decayed counter; null for one that does not fade. */
  readonly halfLifeMs: number | null;
  /**
   * Profiles can be listed by it. Its value is stored beside the state, so it has to be a NUMBER or TIME that changes with events alone, never with
   * the clock; one that is added later needs a migration that fills it and builds its indexes.
   */
  readonly indexed?: true;
}

/**
 * Features that are learned together from the same events. The state is a plain value that a document can hold: keys that visitors choose are
 * values of entries, never names of fields.
 */
export interface FeatureFamily<S> {
  /** What the features are used for: without consent to it nothing is extracted. */
  readonly purpose: Purpose;
  /** The only events that are shown to `apply`. */
  readonly events: readonly ProfileEventType[];
  readonly features: readonly FeatureDeclaration[];
  /** The state of somebody who did nothing yet: the zero of `merge`. */
  readonly empty: S;
  /** Does not depend on the order in which events arrive, within the bounds that the family states. */
  apply(state: S, event: ProfileEvent): S;
  /** The state of one person who was known as two. Commutative and associative within the same bounds. */
  merge(a: S, b: S): S;
  /** One value per declared feature. @param nowMs moment to which decayed counters are aged */
  read(state: S, nowMs: number): Readonly<Record<string, FeatureValue>>;
}

/** States the type of a family's state once, where it is declared. */
export function defineFamily<S>(family: FeatureFamily<S>): FeatureFamily<S> {
  return family;
}
