import { visitorId } from '@vitrine/kernel';
import type { BehaviouralFeatures, DecayedCounter, Profile, TraitValue } from '../domain/types';
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
    features: fromFeatures(profile.features),
    segment: profile.segment,
    seenAt: seenAt(profile.features),
    version: profile.version,
    createdAt: profile.createdAt,
    updatedAt: profile.updatedAt,
  };
}

export function seenAt(features: BehaviouralFeatures): number {
  return features.lastSeenAt ?? 0;
}

export function fromFeatures({ interests, exposures, ...numbers }: BehaviouralFeatures): FeaturesDoc {
  return {
    ...numbers,
    interests: Object.entries(interests).map(([key, { value, at }]) => ({ key, value, at })),
    exposures: Object.entries(exposures).map(([key, at]) => ({ key, at })),
  };
}

function toFeatures({ interests, exposures, ...numbers }: FeaturesDoc): BehaviouralFeatures {
  return {
    ...numbers,
    interests: Object.fromEntries(interests.map(({ key, value, at }): [string, DecayedCounter] => [key, { value, at }])),
    exposures: Object.fromEntries(exposures.map(({ key, at }) => [key, at])),
  };
}

function fromTraits({ traits, traitTimes }: Profile): readonly TraitDoc[] {
  return Object.entries(traitTimes).map(([key, at]) => {
    const value = Object.hasOwn(traits, key) ? traits[key] : undefined;
    return value === undefined ? { key, at } : { key, at, value };
  });
}
