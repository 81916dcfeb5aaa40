import type { PersonalSealer } from '@vitrine/platform';
import { emptyFeatures, type BehaviouralFeatures } from '../domain/features/feature-catalogue';
import { factsOf, seenAt } from '../domain/features/facts';
import type { Profile } from '../domain/types';
import { openFields, sealFields, type PersonalFields } from './personal-fields';
import type { FeaturesDoc, ProfileDoc } from './profile.schema';

/** A profile without what says who it is. */
export type AnonymousProfile = Omit<Profile, keyof PersonalFields>;

/** @throws DomainError PERSONAL_KEY_UNKNOWN, PERSONAL_DATA_UNREADABLE */
export function toProfile(row: ProfileDoc, sealer: PersonalSealer): Profile {
  return { ...toAnonymousProfile(row), ...openFields(sealer, row) };
}

export function toAnonymousProfile(row: Omit<ProfileDoc, 'personal' | 'keyId'>): AnonymousProfile {
  return {
    id: row._id,
    consent: row.consent,
    clientAt: row.clientAt,
    features: toFeatures(row.features),
    segment: row.segment,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export function fromProfile(profile: Profile, sealer: PersonalSealer): ProfileDoc {
  return {
    _id: profile.id,
    ...sealFields(sealer, profile.id, profile),
    consent: profile.consent,
    clientAt: profile.clientAt,
    features: profile.features,
    segment: profile.segment,
    seenAt: seenAt(profile.features),
    facts: factsOf(profile.features),
    version: profile.version,
    createdAt: profile.createdAt,
    updatedAt: profile.updatedAt,
  };
}

/** A family that is younger than the profile begins empty. */
function toFeatures(stored: FeaturesDoc): BehaviouralFeatures {
  return { ...emptyFeatures(), ...stored };
}
