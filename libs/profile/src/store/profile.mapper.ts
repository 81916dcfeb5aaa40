import { visitorId } from '@vitrine/kernel';
import { emptyFeatures, type BehaviouralFeatures } from '../domain/features/feature-catalogue';
import { factsOf, seenAt } from '../domain/features/facts';
import type { Profile, TraitValue } from '../domain/types';
import type { FeaturesDoc, ProfileDoc, TraitDoc } from './profile.schema';

export function toProfile(row: ProfileDoc): Profile {
  const traits: [string, TraitValue][] = [];
  for (const { key, value } of row.traits) if (value !== undefined) traits.push([key, value]);
  return {
    id: row._id,
    userId: row.userId,
    aliases: row.aliases.map(visitorId),
    traits: Object.fromEntries(traits),
    traitTimes: Object.fromEntries(row.traits.map(({ key, at }) => [key, at])),
    consent: row.consent,
    device: row.device,
    locale: row.locale,
    clientAt: row.clientAt,
    features: toFeatures(row.features),
    segment: row.segment,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export function fromProfile(profile: Profile): ProfileDoc {
  return {
    _id: profile.id,
    userId: profile.userId,
    aliases: profile.aliases,
    traits: fromTraits(profile),
    consent: profile.consent,
    device: profile.device,
    locale: profile.locale,
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

function fromTraits({ traits, traitTimes }: Profile): readonly TraitDoc[] {
  return Object.entries(traitTimes).map(([key, at]) => {
    const value = Object.hasOwn(traits, key) ? traits[key] : undefined;
    return value === undefined ? { key, at } : { key, at, value };
  });
}
