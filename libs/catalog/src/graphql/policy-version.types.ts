import { Access } from '@vitrine/platform';
import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { PolicyLearning } from '../application/ports';
import type { FeatureEncoding, FeatureSource, FeatureSpec, PolicyVersion } from '../domain/types';
import { FeatureEncodingKindEnum, FeatureSourceKindEnum } from './catalog.enums';

@Access('catalog:read')
@ObjectType('FeatureSource', { simpleResolvers: true })
export class FeatureSourceType {
  @Field(() => FeatureSourceKindEnum)
  readonly kind: string;
  @Field(() => String, { nullable: true, description: 'Field, key, category, measure or number of a coordinate; null for the segment.' })
  readonly name: string | null;

  constructor(source: FeatureSource) {
    this.kind = source.kind.toUpperCase();
    this.name = sourceName(source);
  }
}

function sourceName(source: FeatureSource): string | null {
  if ('field' in source) return source.field;
  if ('key' in source) return source.key;
  if ('category' in source) return source.category;
  if ('component' in source) return String(source.component);
  return 'name' in source ? source.name : null;
}

@Access('catalog:read')
@ObjectType('FeatureEncoding', { simpleResolvers: true })
export class FeatureEncodingType {
  @Field(() => FeatureEncodingKindEnum)
  readonly kind: string;
  @Field(() => [String], { nullable: true, description: 'Of ONEHOT: one dimension per value, in order.' })
  readonly values: readonly string[] | null;
  @Field(() => Float, { nullable: true, description: 'Of NUMERIC: (x - center) / scale.' })
  readonly center: number | null;
  @Field(() => Float, { nullable: true, description: 'Of NUMERIC.' })
  readonly scale: number | null;
  @Field(() => Int, { nullable: true, description: 'Of HASH.' })
  readonly buckets: number | null;

  constructor(encoding: FeatureEncoding) {
    this.kind = encoding.kind.toUpperCase();
    this.values = encoding.kind === 'onehot' ? encoding.values : null;
    this.center = encoding.kind === 'numeric' ? encoding.center : null;
    this.scale = encoding.kind === 'numeric' ? encoding.scale : null;
    this.buckets = encoding.kind === 'hash' ? encoding.buckets : null;
  }
}

@Access('catalog:read')
@ObjectType('FeatureSpec', { simpleResolvers: true })
export class FeatureSpecType {
  @Field(() => String)
  readonly name: string;
  @Field(() => FeatureSourceType)
  readonly source: FeatureSourceType;
  @Field(() => FeatureEncodingType)
  readonly encoding: FeatureEncodingType;

  constructor(feature: FeatureSpec) {
    this.name = feature.name;
    this.source = new FeatureSourceType(feature.source);
    this.encoding = new FeatureEncodingType(feature.encoding);
  }
}

@Access('catalog:read')
@ObjectType('PolicyLearning', { description: 'How far a version has learned from the ledger.', simpleResolvers: true })
export class PolicyLearningType {
  @Field(() => Int, { description: 'Grows with every fold; decisions name the one they were made from.' })
  readonly stateRevision: number;
  @Field(() => Float, { description: 'Highest number of the placement’s ledger that was folded; whole.' })
  readonly cursor: number;
  @Field(() => Float, { description: 'Trials and rewards folded from the beginning; whole.' })
  readonly entriesFolded: number;
  @Field(() => String, { nullable: true, description: 'Name, version and length of the statistics; null where it was not noted.' })
  readonly layout: string | null;
  @Field(() => GraphQLDateTime)
  readonly updatedAt: Date;

  constructor({ revision, cursor, entries, layout, updatedAt }: PolicyLearning) {
    this.stateRevision = revision;
    this.cursor = cursor;
    this.entriesFolded = entries;
    this.layout = layout;
    this.updatedAt = new Date(updatedAt);
  }
}

/** Reads how far one version has learned; versions that are read together share one query. */
export type VersionLearning = (version: PolicyVersion) => Promise<PolicyLearningType | null>;

@Access('catalog:read')
@ObjectType('Sticky', { description: 'How long a known visitor keeps a banner.', simpleResolvers: true })
export class StickyType {
  @Field(() => Int, { description: 'After so many minutes the visitor draws anew.' })
  readonly periodMinutes: number;

  constructor(periodMinutes: number) {
    this.periodMinutes = periodMinutes;
  }
}

@Access('catalog:read')
@ObjectType('PolicyVersion', { description: 'Immutable configuration of one placement’s policy.', simpleResolvers: true })
export class PolicyVersionType {
  @Field(() => ID, { description: '<placement>@<number>' })
  readonly id: string;
  @Field(() => ID)
  readonly placementId: string;
  @Field(() => Int, { description: 'From 1, never used twice.' })
  readonly number: number;
  @Field(() => Boolean, { description: 'Whether decisions are made with it.' })
  readonly live: boolean;
  @Field(() => String)
  readonly policy: string;
  @Field(() => GraphQLJSONObject)
  readonly params: Readonly<Record<string, unknown>>;
  @Field(() => Float, { description: 'Share of probability that is spread evenly, in [0, 1).' })
  readonly floor: number;
  @Field(() => StickyType, { nullable: true, description: 'Null: every decision draws anew.' })
  readonly sticky: StickyType | null;
  @Field(() => [FeatureSpecType])
  readonly features: readonly FeatureSpecType[];
  @Field(() => Int, { description: 'Length of the encoded context; 0 for a policy that reads none.' })
  readonly dimension: number;
  @Field(() => String, { description: 'Hash of the features, in hex: contexts compare only under equal schemas.' })
  readonly featureSchema: string;
  @Field(() => GraphQLDateTime)
  readonly createdAt: Date;
  @Field(() => String)
  readonly createdBy: string;
  @Field(() => PolicyLearningType, { nullable: true, description: 'Null before anything was folded.' })
  readonly learning: () => Promise<PolicyLearningType | null>;

  constructor(version: PolicyVersion, live: boolean, learning: VersionLearning) {
    this.id = version.id;
    this.placementId = version.placementId;
    this.number = version.number;
    this.live = live;
    this.policy = version.policy.name;
    this.params = version.policy.params;
    this.floor = version.policy.floor;
    this.sticky = version.policy.sticky ? new StickyType(version.policy.sticky.periodMinutes) : null;
    this.features = version.features.map((feature) => new FeatureSpecType(feature));
    this.dimension = version.dimension;
    this.featureSchema = version.featureSchema.toString(16).padStart(8, '0');
    this.createdAt = new Date(version.createdAt);
    this.createdBy = version.createdBy;
    this.learning = () => learning(version);
  }
}
