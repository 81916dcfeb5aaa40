import { Schema, type Connection, type Model } from 'mongoose';
import type { PersonalBlob, PersonalSealer } from '@vitrine/platform';
import type { BehaviouralFeatures } from '../domain/features/feature-catalogue';
import type { Consent, Purpose, ConsentEntry, SegmentMembership, VisitorHasher } from '../domain/types';

/**
 * One state per family of the catalogue; one that is younger than the profile is absent. Keys that visitors choose (categories,
 * campaigns) are stored as values: a dot or a dollar in one cannot become a path or an operator.
 */
export type FeaturesDoc = Partial<BehaviouralFeatures>;

/** What says who somebody is lies sealed in `personal`; the rest is what rows are found, ordered and trained by. */
export interface ProfileDoc extends PersonalBlob {
  readonly _id: string;
  readonly consent: Partial<Record<Purpose, ConsentEntry>>;
  readonly clientAt: number;
  readonly features: FeaturesDoc;
  readonly segment: SegmentMembership | null;
  /** `features.visit.lastSeenAt`, 0 for never: what lists are ordered by. */
  readonly seenAt: number;
  /** Values of indexed features, by name: what lists are filtered and ordered by. Never read back: the state says the same. */
  readonly facts: Readonly<Record<string, number>>;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The id is the keyed hash of the visitor id: its uniqueness is what makes a person have one profile. */
export interface ProfileAliasDoc {
  readonly _id: string;
  readonly profileId: string;
}

/** What a person without a profile said; the id is the keyed visitor hash. */
export interface ConsentDoc {
  readonly _id: string;
  readonly consent: Consent;
  /**
   * Set when a profile took the record over; the row then only makes a concurrent `recordConsent` of the same visitor conflict with the
   * profile's creation, and expires.
   */
  readonly movedAt: Date | null;
}

const mixed = { type: Schema.Types.Mixed, required: true } as const;
const count = { type: Number, required: true } as const;
const options = { versionKey: false, strict: 'throw', minimize: false, autoIndex: false, autoCreate: false } as const;

const profileSchema = new Schema<ProfileDoc>(
  {
    _id: { type: String, required: true },
    personal: mixed,
    keyId: count,
    consent: mixed,
    clientAt: count,
    features: mixed,
    segment: { type: Schema.Types.Mixed, default: null },
    seenAt: count,
    facts: mixed,
    version: count,
    createdAt: count,
    updatedAt: count,
  },
  { ...options, collection: 'profiles' },
);

const aliasSchema = new Schema<ProfileAliasDoc>(
  { _id: { type: String, required: true }, profileId: { type: String, required: true } },
  { ...options, collection: 'profile_aliases' },
);

const consentSchema = new Schema<ConsentDoc>(
  { _id: { type: String, required: true }, consent: mixed, movedAt: { type: Date, default: null } },
  { ...options, collection: 'consents' },
);

export interface ProfileModels {
  readonly connection: Connection;
  readonly profiles: Model<ProfileDoc>;
  readonly aliases: Model<ProfileAliasDoc>;
  readonly consents: Model<ConsentDoc>;
}

/** The models with what turns their rows into people. */
export interface ProfileTables {
  readonly models: ProfileModels;
  readonly hasher: VisitorHasher;
  readonly sealer: PersonalSealer;
}

const registered = new WeakMap<Connection, ProfileModels>();

export interface ProfileTablesDeps {
  readonly connection: Connection;
  readonly hasher: VisitorHasher;
  readonly sealer: PersonalSealer;
}

export function profileTables({ connection, hasher, sealer }: ProfileTablesDeps): ProfileTables {
  return { models: profileModels(connection), hasher, sealer };
}

/** The models of one connection; asked twice, the same ones. */
export function profileModels(connection: Connection): ProfileModels {
  const known = registered.get(connection);
  if (known !== undefined) return known;
  const models: ProfileModels = {
    connection,
    profiles: connection.model<ProfileDoc>('Profile', profileSchema),
    aliases: connection.model<ProfileAliasDoc>('ProfileAlias', aliasSchema),
    consents: connection.model<ConsentDoc>('ProfileConsent', consentSchema),
  };
  registered.set(connection, models);
  return models;
}
