import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ObjectType, registerEnumType } from 'type-graphql';
import { Access } from '@vitrine/platform';
import type { ProfileEventType } from '../domain/profile-event';
import type { CataloguedFeature } from '../domain/features/feature-catalogue';
import type { FeatureType, FeatureValue, KeyedValue } from '../domain/features/feature-family';
import type { Purpose } from '../domain/types';
import { PurposeEnum } from './profile.type';

export const FeatureTypeEnum = { NUMBER: 'NUMBER', TEXT: 'TEXT', TIME: 'TIME', TABLE: 'TABLE' } as const satisfies Record<
  FeatureType,
  FeatureType
>;
registerEnumType(FeatureTypeEnum, { name: 'FeatureType', description: 'Which of a feature’s values is given; TABLE is a number by key.' });

@Access('profile:read')
@ObjectType({ description: 'A feature that profiles learn from events.', simpleResolvers: true })
export class FeatureDefinition {
  @Field(() => String)
  readonly name: string;

  @Field(() => String)
  readonly description: string;

  @Field(() => FeatureTypeEnum)
  readonly type: FeatureType;

  @Field(() => String)
  readonly unit: string;

  @Field(() => String, { description: 'What it remembers.' })
  readonly window: string;

  @Field(() => Float, { nullable: true, description: 'Time in which half of it is forgotten; null for one that does not fade.' })
  readonly halfLifeMs: number | null;

  @Field(() => PurposeEnum, { description: 'What it is used for: without consent to it nothing is extracted.' })
  readonly purpose: Purpose;

  @Field(() => [String], { description: 'Types of the events that it is learned from.' })
  readonly events: readonly ProfileEventType[];

  @Field(() => Boolean, { description: 'Whether profiles can be listed by it.' })
  readonly indexed: boolean;

  constructor(feature: CataloguedFeature) {
    this.name = feature.name;
    this.description = feature.description;
    this.type = feature.type;
    this.unit = feature.unit;
    this.window = feature.window;
    this.halfLifeMs = feature.halfLifeMs;
    this.purpose = feature.purpose;
    this.events = feature.events;
    this.indexed = feature.indexed === true;
  }
}

@Access('profile:read')
@ObjectType({ description: 'What a feature says of one category, campaign, hour.', simpleResolvers: true })
export class FeatureEntry {
  @Field(() => String)
  readonly key: string;

  @Field(() => Float)
  readonly value: number;

  constructor({ key, value }: KeyedValue) {
    this.key = key;
    this.value = value;
  }
}

@Access('profile:read')
@ObjectType({
  description: 'A feature of one person, right now: the value that its type names, null where nothing is known.',
  simpleResolvers: true,
})
export class ProfileFeature {
  @Field(() => String)
  readonly name: string;

  @Field(() => FeatureTypeEnum)
  readonly type: FeatureType;

  @Field(() => Float, { nullable: true })
  readonly number: number | null = null;

  @Field(() => String, { nullable: true })
  readonly text: string | null = null;

  @Field(() => GraphQLDateTime, { nullable: true })
  readonly time: Date | null = null;

  @Field(() => [FeatureEntry], { nullable: true })
  readonly table: readonly FeatureEntry[] | null = null;

  constructor({ name, type }: Pick<CataloguedFeature, 'name' | 'type'>, value: FeatureValue) {
    this.name = name;
    this.type = type;
    if (typeof value === 'string') this.text = value;
    else if (typeof value === 'object') this.table = value === null ? null : value.map((entry) => new FeatureEntry(entry));
    else if (type === 'TIME') this.time = new Date(value);
    else this.number = value;
  }
}
