import { Schema, type Connection, type Model } from 'mongoose';
import type { BehaviouralFeatures } from '../domain/features/feature-catalogue';
import type { Consent, Purpose, ConsentEntry, SegmentMembership, TraitValue } from '../domain/types';

/**
 * One state per family of the catalogue; one that is younger than the profile is absent. Keys that visitors choose (categories, traits,
 * campaigns) are stored as values: a dot or a dollar in one cannot become a path or an operator.
 */
export type FeaturesDoc = Partial<BehaviouralFeatures>;

/** `value` is absent for a trait that was cleared. */
export interface TraitDoc {
  readonly key: string;
  readonly at: number;
  readonly value?: TraitValue;
}

export interface ProfileDoc {
  readonly _id: string;
  readonly userId: string | null;
  readonly aliases: readonly string[];
  readonly traits: readonly TraitDoc[];
  readonly consent: Partial<Record<Purpose, ConsentEntry>>;
  readonly device: string | null;
  readonly locale: string | null;
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

/** The id is the visitor id itself: its uniqueness is what makes a person have one profile. */
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
    userId: { type: String, default: null },
    aliases: { type: [String], required: true },
    traits: mixed,
    consent: mixed,
    device: { type: String, default: null },
    locale: { type: String, default: null },
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

const registered = new WeakMap<Connection, ProfileModels>();

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
