import { DomainError, type VisitorId } from '@vitrine/kernel';
import { emptyFeatures, mergeFeatures } from './features/feature-catalogue';
import { mergeConsent } from './consent';
import { mergeTraits } from './traits';
import type { Consent, Profile } from './types';

/**
 * Ids that one person may be known by. A browser that forgets its id every day for two and a half years stays below; a script that draws
 * ids without end does not, and its document stays small.
 */
export const MAX_ALIASES = 1_000;

/** A profile that knows a name and nothing else; version 1. */
export function newProfile(of: {
  readonly id: string;
  readonly alias: VisitorId;
  readonly userId: string | null;
  readonly nowMs: number;
}): Profile {
  return {
    id: of.id,
    userId: of.userId,
    aliases: [of.alias],
    traits: {},
    traitTimes: {},
    consent: {},
    device: null,
    locale: null,
    clientAt: 0,
    features: emptyFeatures(),
    segment: null,
    version: 1,
    createdAt: of.nowMs,
    updatedAt: of.nowMs,
  };
}

/** Whether nothing that was learned may be kept: the person said no, or took a yes back. */
export function isForgetful({ consent }: Pick<Profile, 'consent'>): boolean {
  const personal = consent.PERSONALIZATION;
  return personal !== undefined && personal.status !== 'GRANTED';
}

/** Takes consent over; where PERSONALIZATION is not granted any more, what was learned and told for it is forgotten. */
export function withConsent(profile: Profile, consent: Consent): Profile {
  if (!isForgetful({ consent })) return { ...profile, consent };
  return {
    ...profile,
    consent,
    features: emptyFeatures(),
    traits: {},
    traitTimes: {},
    device: null,
    locale: null,
    clientAt: 0,
    segment: null,
  };
}

/** @throws DomainError IDENTITY_CONFLICT past `MAX_ALIASES` */
export function withAliases(profile: Profile, aliases: readonly VisitorId[]): Profile {
  const all = [...new Set([...profile.aliases, ...aliases])].sort();
  if (all.length > MAX_ALIASES)
    throw new DomainError('IDENTITY_CONFLICT', 'the person has too many ids', { details: { reason: 'TOO_MANY_IDS' } });
  return all.length === profile.aliases.length ? profile : { ...profile, aliases: all };
}

/**
 * One person who was known as two. The signed-in profile keeps its id, else the older one. Commutative; merging a profile with itself
 * gives its newer copy. The segment is left open: it was found from half of what is known now.
 *
 * @throws DomainError IDENTITY_CONFLICT for two different users, or past `MAX_ALIASES`
 */
export function mergeProfiles(a: Profile, b: Profile): Profile {
  if (a.id === b.id) return a.version >= b.version ? a : b;
  if (a.userId !== null && b.userId !== null && a.userId !== b.userId) {
    throw new DomainError('IDENTITY_CONFLICT', 'the ids belong to two users', { details: { reason: 'OTHER_USER' } });
  }
  const [kept, gone] = survives(a, b) ? [a, b] : [b, a];
  const client = tellsClientLater(a, b) ? a : b;
  const merged: Profile = {
    ...withAliases(kept, gone.aliases),
    ...mergeTraits(a, b),
    device: client.device,
    locale: client.locale,
    clientAt: client.clientAt,
    features: mergeFeatures(a.features, b.features),
    segment: null,
    version: Math.max(a.version, b.version),
    createdAt: Math.min(a.createdAt, b.createdAt),
    updatedAt: Math.max(a.updatedAt, b.updatedAt),
  };
  return withConsent(merged, mergeConsent(a.consent, b.consent));
}

function survives(a: Profile, b: Profile): boolean {
  if ((a.userId === null) !== (b.userId === null)) return a.userId !== null;
  return a.createdAt === b.createdAt ? a.id < b.id : a.createdAt < b.createdAt;
}

function tellsClientLater(a: Profile, b: Profile): boolean {
  if (a.clientAt !== b.clientAt) return a.clientAt > b.clientAt;
  return JSON.stringify([a.device, a.locale]) >= JSON.stringify([b.device, b.locale]);
}
