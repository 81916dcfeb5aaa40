import mongoose, { type ClientSession } from 'mongoose';
import { DomainError, type VisitorId } from '@vitrine/kernel';
import { mergeConsent } from '../domain/consent';
import type { Consent, Profile } from '../domain/types';
import { fromProfile, toProfile } from './profile.mapper';
import type { ConsentDoc, ProfileAliasDoc, ProfileDoc, ProfileTables } from './profile.schema';

/** Reads in a session see one snapshot; null reads outside of any transaction. */
export type ReadScope = { readonly session: ClientSession | null; readonly maxTimeMs?: number };

type JoinedRow = ProfileAliasDoc & { readonly profile: ProfileDoc };

/** Profiles by any of their ids, in one round trip; ids of strangers are absent, ids of one person share one object. */
export async function findProfiles(
  { models, hasher, sealer }: ProfileTables,
  ids: readonly VisitorId[],
  scope: ReadScope,
): Promise<ReadonlyMap<VisitorId, Profile>> {
  if (ids.length === 0) return new Map();
  const byHash = new Map<string, VisitorId>(ids.map((id) => [hasher.hash(id), id]));
  const query = models.aliases
    .aggregate<JoinedRow>([
      { $match: { _id: { $in: [...byHash.keys()] } } },
      { $lookup: { from: models.profiles.collection.name, localField: 'profileId', foreignField: '_id', as: 'profile' } },
      { $unwind: '$profile' },
    ])
    .session(scope.session);
  const rows = await (scope.maxTimeMs === undefined ? query : query.option({ maxTimeMS: scope.maxTimeMs })).exec();
  const profiles = new Map<string, Profile>();
  const found = new Map<VisitorId, Profile>();
  for (const row of rows) {
    const id = byHash.get(row._id);
    if (id === undefined) continue;
    const profile = profiles.get(row.profileId) ?? toProfile(row.profile, sealer);
    profiles.set(row.profileId, profile);
    found.set(id, profile);
  }
  return found;
}

/** Consent of people without a profile; who said nothing is absent. */
export async function findRecordedConsent(
  { models, hasher }: Pick<ProfileTables, 'models' | 'hasher'>,
  ids: readonly VisitorId[],
  session: ClientSession | null,
): Promise<ReadonlyMap<VisitorId, Consent>> {
  if (ids.length === 0) return new Map();
  const byHash = new Map<string, VisitorId>(ids.map((id) => [hasher.hash(id), id]));
  const rows = await models.consents
    .find({ _id: mongoose.trusted({ $in: [...byHash.keys()] }) })
    .session(session)
    .lean<ConsentDoc[]>()
    .exec();
  const found = new Map<VisitorId, Consent>();
  for (const row of rows) {
    const id = byHash.get(row._id);
    if (id !== undefined && row.movedAt === null) found.set(id, row.consent);
  }
  return found;
}

export function mergedConsent(records: Iterable<Consent>): Consent {
  let merged: Consent = {};
  for (const consent of records) merged = mergeConsent(merged, consent);
  return merged;
}

export interface ProfileClaim {
  readonly profileId: string;
  readonly aliases: readonly VisitorId[];
}

/**
 * Points ids at a profile and marks their consent records as moved. Every writer that gives a stranger a profile writes the same two
 * rows, so of two that do it at once, or of one that does and one that records a refusal, one is retried and sees the other.
 */
export async function claimAliases(
  { models, hasher }: Pick<ProfileTables, 'models' | 'hasher'>,
  claims: readonly ProfileClaim[],
  { session, at }: { readonly session: ClientSession; readonly at: Date },
): Promise<void> {
  const pairs = claims.flatMap(({ profileId, aliases }) => aliases.map((alias) => ({ hash: hasher.hash(alias), profileId })));
  if (pairs.length === 0) return;
  await models.aliases.bulkWrite(
    pairs.map(({ hash, profileId }) => ({ updateOne: { filter: { _id: hash }, update: { $set: { profileId } }, upsert: true } })),
    { session },
  );
  await models.consents.bulkWrite(
    pairs.map(({ hash }) => ({
      updateOne: { filter: { _id: hash }, update: { $set: { consent: {}, movedAt: at } }, upsert: true },
    })),
    { session },
  );
}

/** Inserts, or replaces only the version it was made from. @throws a transient error that makes the transaction start over when somebody was faster */
export async function writeProfile(
  { models, sealer }: Pick<ProfileTables, 'models' | 'sealer'>,
  { profile, previousVersion }: { readonly profile: Profile; readonly previousVersion: number | null },
  session: ClientSession,
): Promise<void> {
  const doc = fromProfile(profile, sealer);
  if (previousVersion === null) {
    await models.profiles.insertMany([doc], { session });
    return;
  }
  const { matchedCount } = await models.profiles.replaceOne({ _id: doc._id, version: previousVersion }, doc, { session }).exec();
  if (matchedCount !== 1) throw staleWrite();
}

/** A lost race, labelled so that the driver runs the whole transaction again on fresh data. */
export function staleWrite(): Error {
  const error = new mongoose.mongo.MongoError('a profile changed under this transaction');
  error.cause = new DomainError('STALE_WRITE');
  error.addErrorLabel(mongoose.mongo.MongoErrorLabel.TransientTransactionError);
  return error;
}

/** Names an outage as such; anything else is passed on. */
export function asDependencyError(cause: unknown): unknown {
  const away = cause instanceof mongoose.mongo.MongoNetworkError || cause instanceof mongoose.mongo.MongoServerSelectionError;
  return away ? new DomainError('DEPENDENCY_UNAVAILABLE', 'Mongo cannot be reached', { cause, details: { dependency: 'mongo' } }) : cause;
}
