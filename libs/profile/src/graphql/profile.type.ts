import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Access } from '@vitrine/platform';
import { interestsAt, visitsOf } from '../domain/behavioural-features';
import type { BehaviouralFeatures } from '../domain/features/feature-catalogue';
import { PURPOSES, type Consent, type ConsentEntry, type ConsentStatus, type Profile, type Purpose, type Traits } from '../domain/types';

/** GraphQL enums of the unions in the domain: one name, one value. */
export const PurposeEnum = { ANALYTICS: 'ANALYTICS', PERSONALIZATION: 'PERSONALIZATION', TRAINING: 'TRAINING' } as const satisfies Record<
  Purpose,
  Purpose
>;
export const ConsentStatusEnum = { GRANTED: 'GRANTED', DENIED: 'DENIED', REVOKED: 'REVOKED' } as const satisfies Record<
  ConsentStatus,
  ConsentStatus
>;
registerEnumType(PurposeEnum, { name: 'ConsentPurpose', description: 'What data about a person may be used for.' });
registerEnumType(ConsentStatusEnum, { name: 'ConsentStatus', description: 'DENIED was never allowed, REVOKED was allowed before.' });

@Access('profile:read')
@ObjectType({ description: 'How much a person cares for a category, right now.', simpleResolvers: true })
export class Interest {
  @Field(() => String)
  readonly category: string;

  @Field(() => Float, { description: 'Decayed sum: one product view counts 1 and half of it is gone after 14 days.' })
  readonly weight: number;

  constructor(category: string, weight: number) {
    this.category = category;
    this.weight = weight;
  }
}

@Access('profile:read')
@ObjectType('ConsentState', { description: 'The last word of a person on one purpose.', simpleResolvers: true })
export class ConsentStateType {
  @Field(() => PurposeEnum)
  readonly purpose: Purpose;

  @Field(() => ConsentStatusEnum)
  readonly status: ConsentStatus;

  @Field(() => GraphQLDateTime)
  readonly at: Date;

  @Field(() => String)
  readonly source: string;

  constructor(purpose: Purpose, entry: ConsentEntry) {
    this.purpose = purpose;
    this.status = entry.status;
    this.at = new Date(entry.at);
    this.source = entry.source;
  }

  static listOf(consent: Consent): ConsentStateType[] {
    return PURPOSES.flatMap((purpose) => {
      const entry = consent[purpose];
      return entry === undefined ? [] : [new ConsentStateType(purpose, entry)];
    });
  }
}

@Access('profile:read')
@ObjectType({ description: 'What somebody did so far.', simpleResolvers: true })
export class Behaviour {
  @Field(() => Int)
  readonly visits: number;

  @Field(() => Int)
  readonly productViews: number;

  @Field(() => Int)
  readonly clicks: number;

  @Field(() => Int)
  readonly purchases: number;

  @Field(() => Float)
  readonly dwellSeconds: number;

  @Field(() => Float, { description: 'Spent less refunded, in minor units of the deployment’s currency.' })
  readonly monetaryMinor: number;

  @Field(() => String, { nullable: true })
  readonly lastCategory: string | null;

  @Field(() => ID, { nullable: true })
  readonly lastProductId: string | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  readonly lastSeenAt: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true })
  readonly lastPurchaseAt: Date | null;

  constructor({ features }: Profile) {
    const { engagement, interest, purchase, visit } = features;
    this.visits = visitsOf(features);
    this.productViews = engagement.productViews;
    this.clicks = engagement.clicks;
    this.purchases = purchase.purchases;
    this.dwellSeconds = engagement.dwellMs / 1000;
    this.monetaryMinor = purchase.monetaryMinor;
    this.lastCategory = interest.category.value;
    this.lastProductId = interest.product.value;
    this.lastSeenAt = dateOf(visit.lastSeenAt);
    this.lastPurchaseAt = dateOf(purchase.lastPurchaseAt);
  }
}

@Access('profile:read')
@ObjectType('Profile', { description: 'What is known of one person.', simpleResolvers: true })
export class ProfileType {
  @Field(() => ID)
  readonly id: string;

  @Field(() => ID, { nullable: true })
  readonly userId: string | null;

  @Field(() => [ID], { description: 'Every id the person is known by.' })
  readonly aliases: readonly string[];

  @Field(() => GraphQLJSON)
  readonly traits: Traits;

  @Field(() => [ConsentStateType], { description: 'A purpose that is missing has the default of the deployment.' })
  readonly consents: readonly ConsentStateType[];

  @Field(() => String, { nullable: true })
  readonly device: string | null;

  @Field(() => String, { nullable: true })
  readonly locale: string | null;

  @Field(() => [Interest], { description: 'Strongest first.' })
  readonly interests: readonly Interest[];

  @Field(() => Behaviour)
  readonly behaviour: Behaviour;

  @Field(() => ID, { nullable: true })
  readonly segmentId: string | null;

  @Field(() => Int, { nullable: true })
  readonly segmentModelVersion: number | null;

  @Field(() => Int)
  readonly version: number;

  @Field(() => GraphQLDateTime)
  readonly createdAt: Date;

  @Field(() => GraphQLDateTime)
  readonly updatedAt: Date;

  /** No field: read by the resolver of `features`. */
  readonly learned: BehaviouralFeatures;

  constructor(profile: Profile, nowMs: number) {
    this.learned = profile.features;
    this.id = profile.id;
    this.userId = profile.userId;
    this.aliases = profile.aliases;
    this.traits = profile.traits;
    this.consents = ConsentStateType.listOf(profile.consent);
    this.device = profile.device;
    this.locale = profile.locale;
    this.interests = interestsAt(profile.features, nowMs).map(({ category, weight }) => new Interest(category, weight));
    this.behaviour = new Behaviour(profile);
    this.segmentId = profile.segment?.segmentId ?? null;
    this.segmentModelVersion = profile.segment?.modelVersion ?? null;
    this.version = profile.version;
    this.createdAt = new Date(profile.createdAt);
    this.updatedAt = new Date(profile.updatedAt);
  }
}

function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
