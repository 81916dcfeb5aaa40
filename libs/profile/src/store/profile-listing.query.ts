import mongoose, { type QueryFilter } from 'mongoose';
import type { ProfilePosition, ProfileQuery } from '../application/profile.repository';
import { INDEXED_FEATURES } from '../domain/features/facts';
import { BY_LAST_SEEN, type ListedGroup, type ProfileListing } from '../domain/profile-listing';
import { PURPOSES } from '../domain/types';
import type { ProfileDoc, ProfileModels } from './profile.schema';

interface ListingIndex {
  readonly name: string;
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly partialFilterExpression: Readonly<Record<string, unknown>>;
}

const there = { $exists: true } as const;

/**
 * Every index that only lists need. Partial: what nobody said, and whom no segment has, costs no entry. Lists by last event alone, and within a
 * segment, use `seen` and `segment_seen`.
 */
export const LISTING_INDEXES: readonly ListingIndex[] = [
  ...PURPOSES.map((purpose) => {
    const status = `consent.${purpose}.status`;
    return {
      name: `consent_${purpose}_seen`,
      key: { [status]: 1, seenAt: -1, _id: -1 } as const,
      partialFilterExpression: { [status]: there },
    };
  }),
  ...INDEXED_FEATURES.flatMap((feature) => {
    const fact = `facts.${feature}`;
    const placed = { 'segment.segmentId': there, [fact]: there };
    return [
      { name: `fact_${feature}`, key: { [fact]: -1, _id: -1 } as const, partialFilterExpression: { [fact]: there } },
      {
        name: `segment_fact_${feature}`,
        key: { 'segment.segmentId': 1, [fact]: -1, _id: -1 } as const,
        partialFilterExpression: placed,
      },
    ];
  }),
];

/**
 * One page. The index is named, so that no plan of the server's can be another: it gives the order, and every condition is a bound of the scan,
 * so what is read is what is answered. Ties of the place before are a stretch of their own, for the same reason.
 */
export async function listProfiles(models: Pick<ProfileModels, 'profiles'>, query: ProfileQuery): Promise<readonly ProfileDoc[]> {
  const { after, limit } = query;
  if (after === null) return stretch(models, query, { where: valueWithin(query), limit });
  const ties = await stretch(models, query, { where: tiedWith(query, after), limit });
  if (ties.length === limit) return ties;
  return [...ties, ...(await stretch(models, query, { where: beyond(query, after), limit: limit - ties.length }))];
}

function stretch(
  { profiles }: Pick<ProfileModels, 'profiles'>,
  { group, orderedBy, direction }: ProfileListing,
  { where, limit }: { readonly where: QueryFilter<ProfileDoc>; readonly limit: number },
): Promise<ProfileDoc[]> {
  const order = direction === 'ASCENDING' ? 1 : -1;
  return profiles
    .find({ ...membersOf(group), ...where })
    .sort({ [pathOf(orderedBy)]: order, _id: order })
    .hint(indexOf(group, orderedBy))
    .limit(limit)
    .lean<ProfileDoc[]>()
    .exec();
}

function membersOf(group: ListedGroup): QueryFilter<ProfileDoc> {
  switch (group.kind) {
    case 'everybody':
      return {};
    case 'segment':
      return { 'segment.segmentId': group.segmentId };
    case 'consent':
      return { [`consent.${group.purpose}.status`]: group.status };
  }
}

function indexOf(group: ListedGroup, orderedBy: string): string {
  const bySeen = orderedBy === BY_LAST_SEEN;
  switch (group.kind) {
    case 'everybody':
      return bySeen ? 'seen' : `fact_${orderedBy}`;
    case 'segment':
      return bySeen ? 'segment_seen' : `segment_fact_${orderedBy}`;
    case 'consent':
      return `consent_${group.purpose}_seen`;
  }
}

const pathOf = (orderedBy: string): string => (orderedBy === BY_LAST_SEEN ? 'seenAt' : `facts.${orderedBy}`);

type Bounds = Readonly<Partial<Record<'$gt' | '$gte' | '$lt' | '$lte' | '$eq', number>>>;

function boundsOf({ from, to, toIncluded }: ProfileListing['range']): Bounds {
  // An open range has a bound nevertheless: it leaves out who has no such number, whom a partial index does not know.
  return { $gte: from ?? -Infinity, ...(to === null ? {} : { [toIncluded ? '$lte' : '$lt']: to }) };
}

function valueWithin({ orderedBy, range }: ProfileListing): QueryFilter<ProfileDoc> {
  return { [pathOf(orderedBy)]: mongoose.trusted(boundsOf(range)) };
}

function tiedWith(listing: ProfileListing, { value, id }: ProfilePosition): QueryFilter<ProfileDoc> {
  const next = listing.direction === 'ASCENDING' ? { $gt: id } : { $lt: id };
  return { [pathOf(listing.orderedBy)]: mongoose.trusted({ ...boundsOf(listing.range), $eq: value }), _id: mongoose.trusted(next) };
}

function beyond(listing: ProfileListing, { value }: ProfilePosition): QueryFilter<ProfileDoc> {
  const { orderedBy, direction } = listing;
  const past: Bounds = direction === 'ASCENDING' ? { $gt: value } : { $lt: value };
  return { $and: [valueWithin(listing), { [pathOf(orderedBy)]: mongoose.trusted(past) }] };
}
