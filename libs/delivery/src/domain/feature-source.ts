import { assertNever } from '@vitrine/kernel';
import type { DeviceClass, FeatureSource } from '@vitrine/catalog';

export type FeatureValue = string | number | boolean;

/** What a decision may know of its visitor beyond the request. Exists only with the visitor's PERSONALIZATION consent (D7). */
export interface PersonalFacts {
  readonly traits: Readonly<Record<string, FeatureValue>>;
  readonly segmentId: string | null;
  /** Coordinates in the live segment model: of the person, or of the middle of the segment where no more is known; null without a model. */
  readonly embedding: Float64Array | null;
  /** Share of the visitor's decayed interest that goes to this category, in [0, 1]; null when nothing is known. */
  interestShare(category: string): number | null;
  /** Visits and purchases as counts, recency in days, money in major units, dwell in seconds; null when never seen. */
  behaviour(name: BehaviourName): number | null;
}
export type BehaviourName = Extract<FeatureSource, { kind: 'behaviour' }>['name'];

/** Everything that features are read from. */
export interface FeatureContext {
  readonly device: DeviceClass;
  readonly locale: string | null;
  readonly category: string | null;
  /** When the decision is made; hour and weekday are read in UTC, so that every gateway agrees. */
  readonly nowMs: number;
  readonly features: Readonly<Record<string, FeatureValue>>;
  /** Null without consent, and when the profile could not be read and its segment is not remembered: every personal dimension is then zero. */
  readonly personal: PersonalFacts | null;
}

export type FeatureReader = (context: FeatureContext) => FeatureValue | null;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The Unix epoch was a Thursday: ISO weekday 4. */
const EPOCH_WEEKDAY = 4;

/** Whether a source tells something about the person rather than about the request. */
export function isPersonal(source: FeatureSource): boolean {
  return source.kind !== 'context' && source.kind !== 'request';
}

/** A function that reads one source; null is "not known". */
export function readerOf(source: FeatureSource): FeatureReader {
  switch (source.kind) {
    case 'context':
      return contextReader(source.field);
    case 'request': {
      const { key } = source;
      return ({ features }) => (Object.hasOwn(features, key) ? (features[key] ?? null) : null);
    }
    case 'trait': {
      const { key } = source;
      return ({ personal }) => (personal !== null && Object.hasOwn(personal.traits, key) ? (personal.traits[key] ?? null) : null);
    }
    case 'interest': {
      const { category } = source;
      return ({ personal }) => personal?.interestShare(category) ?? null;
    }
    case 'behaviour': {
      const { name } = source;
      return ({ personal }) => personal?.behaviour(name) ?? null;
    }
    case 'segment':
      return ({ personal }) => personal?.segmentId ?? null;
    case 'embedding': {
      const { component } = source;
      return ({ personal }) => personal?.embedding?.[component] ?? null;
    }
    default:
      return assertNever(source);
  }
}

function contextReader(field: Extract<FeatureSource, { kind: 'context' }>['field']): FeatureReader {
  switch (field) {
    case 'device':
      return ({ device }) => device;
    case 'locale':
      return ({ locale }) => locale;
    case 'category':
      return ({ category }) => category;
    case 'hourOfDay':
      return ({ nowMs }) => Math.floor((nowMs % DAY_MS) / HOUR_MS);
    case 'weekday':
      return ({ nowMs }) => ((Math.floor(nowMs / DAY_MS) + EPOCH_WEEKDAY - 1) % 7) + 1;
    default:
      return assertNever(field);
  }
}
