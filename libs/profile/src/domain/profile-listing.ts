import { DomainError } from '@vitrine/kernel';
import { FEATURE_CATALOGUE } from './features/feature-catalogue';
import { factsOf, INDEXED_FEATURES, seenAt } from './features/facts';
import type { ConsentStatus, Profile, Purpose } from './types';

/** Both ends belong to it; null is open. A time is ms since the epoch. */
export interface FeatureRange {
  readonly name: string;
  readonly min: number | null;
  readonly max: number | null;
}

export interface ConsentCondition {
  readonly purpose: Purpose;
  /** As the person said: who said nothing has no status, whatever the default. */
  readonly status: ConsentStatus;
}

/** What a list of profiles is asked for; conditions add up. */
export interface ProfileConditions {
  readonly segmentId: string | null;
  /** Half-open range of the last event, ms; null is open. */
  readonly seenFrom: number | null;
  readonly seenBefore: number | null;
  readonly consent: ConsentCondition | null;
  readonly features: readonly FeatureRange[];
}

export const DIRECTIONS = ['ASCENDING', 'DESCENDING'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Which profiles are one stretch of an index; each kind has an index of its own, and no condition is left to look at afterwards. */
export type ListedGroup =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'segment'; readonly segmentId: string }
  | ({ readonly kind: 'consent' } & ConsentCondition);

/** The order of a list that names no feature. Not the name of a feature. */
export const BY_LAST_SEEN = 'seenAt';

/** A list that an index serves: a group, in an order, within a range of what it is ordered by. */
export interface ProfileListing {
  readonly group: ListedGroup;
  /** `BY_LAST_SEEN`, or the name of an indexed feature. */
  readonly orderedBy: string;
  readonly direction: Direction;
  readonly range: { readonly from: number | null; readonly to: number | null; readonly toIncluded: boolean };
}

/**
 * What of a profile list an index can serve alone.
 *
 * @throws DomainError UNKNOWN_FEATURE for a range of a feature that is not in the catalogue; FILTER_NOT_INDEXED for one without an index and for
 *   conditions that no index serves together; BAD_USER_INPUT for an empty range; each names the fields
 */
export function planListing(conditions: ProfileConditions, direction: Direction): ProfileListing {
  const { seenFrom, seenBefore, features } = conditions;
  features.forEach(requireIndexed);
  const [range, another] = features;
  if (another !== undefined) throw notTogether(features.map((_, at) => placeOf(at)));
  if (range === undefined) {
    const seen = { from: seenFrom, to: seenBefore, toIncluded: false };
    return { group: groupOf(conditions), orderedBy: BY_LAST_SEEN, direction, range: seen };
  }
  const others = presentOf({ seenFrom, seenBefore, consent: conditions.consent });
  if (others.length > 0) throw notTogether([placeOf(0), ...others]);
  return { group: groupOf(conditions), orderedBy: range.name, direction, range: { from: range.min, to: range.max, toIncluded: true } };
}

/** What the profile is ordered by. */
export function placeIn({ orderedBy }: Pick<ProfileListing, 'orderedBy'>, { features }: Profile): number {
  return orderedBy === BY_LAST_SEEN ? seenAt(features) : (factsOf(features)[orderedBy] ?? 0);
}

function groupOf({ segmentId, consent }: ProfileConditions): ListedGroup {
  if (segmentId !== null && consent !== null) throw notTogether(['filter.segmentId', 'filter.consent']);
  if (segmentId !== null) return { kind: 'segment', segmentId };
  return consent === null ? { kind: 'everybody' } : { kind: 'consent', ...consent };
}

function requireIndexed({ name, min, max }: FeatureRange, at: number): void {
  const details = { feature: name, fields: [placeOf(at)] };
  if (!FEATURE_CATALOGUE.some((known) => known.name === name))
    throw new DomainError('UNKNOWN_FEATURE', `there is no feature ${name}`, { details });
  if (!INDEXED_FEATURES.includes(name)) throw new DomainError('FILTER_NOT_INDEXED', `${name} has no index`, { details });
  if (min !== null && max !== null && min > max) throw new DomainError('BAD_USER_INPUT', 'the range is empty', { details });
}

const placeOf = (at: number): string => `filter.features.${at}`;

function presentOf(conditions: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(conditions).flatMap(([name, value]) => (value === null ? [] : [`filter.${name}`]));
}

function notTogether(fields: readonly string[]): DomainError {
  return new DomainError('FILTER_NOT_INDEXED', 'no index serves these conditions together', { details: { fields } });
}
