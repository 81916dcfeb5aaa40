import { DomainError } from '@vitrine/kernel';
import { ArrayMaxSize, IsIn, IsInt, IsNumber, IsObject, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import type { PublishPolicyRequest } from '../application/publish-policy';
import { BEHAVIOURS, CONTEXT_FIELDS } from '../domain/feature-schema';
import type { FeatureEncoding, FeatureSource, FeatureSpec } from '../domain/types';
import { FeatureEncodingKindEnum, FeatureSourceKindEnum } from './catalog.enums';

@InputType()
export class FeatureSourceInput {
  @Field(() => FeatureSourceKindEnum)
  @IsIn(Object.keys(FeatureSourceKindEnum))
  kind!: string;
  @Field(() => String, {
    nullable: true,
    description:
      'CONTEXT: device, locale, category, hourOfDay or weekday. REQUEST, TRAIT: a key. INTEREST: a category. BEHAVIOUR: a measure. EMBEDDING: number of a coordinate of the live segment model, from 0.',
  })
  @IsOptional()
  @MaxLength(100)
  name?: string | null;
}

@InputType()
export class FeatureEncodingInput {
  @Field(() => FeatureEncodingKindEnum)
  @IsIn(Object.keys(FeatureEncodingKindEnum))
  kind!: string;
  @Field(() => [String], { nullable: true, description: 'Of ONEHOT.' })
  @IsOptional()
  @ArrayMaxSize(256)
  values?: string[] | null;
  @Field(() => Float, { nullable: true, description: 'Of NUMERIC; 0 when absent.' })
  @IsOptional()
  @IsNumber()
  center?: number | null;
  @Field(() => Float, { nullable: true, description: 'Of NUMERIC; 1 when absent.' })
  @IsOptional()
  @IsNumber()
  scale?: number | null;
  @Field(() => Int, { nullable: true, description: 'Of HASH.' })
  @IsOptional()
  @IsInt()
  buckets?: number | null;
}

@InputType()
export class FeatureSpecInput {
  @Field(() => String)
  @MaxLength(100)
  name!: string;
  @Field(() => FeatureSourceInput)
  @ValidateNested()
  source!: FeatureSourceInput;
  @Field(() => FeatureEncodingInput)
  @ValidateNested()
  encoding!: FeatureEncodingInput;
}

@InputType({ description: 'A known visitor keeps a banner for a while, unless its probability falls.' })
export class StickyInput {
  @Field(() => Int, { description: 'After so many minutes the visitor draws anew; periods start for everybody at the same moments.' })
  @IsInt()
  periodMinutes!: number;
}

@InputType()
export class PublishPolicyInput {
  @Field(() => ID)
  @MaxLength(40)
  placementId!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Name of the policy; absent: `auto` when there are features, `beta-thompson` when there are none.',
  })
  @IsOptional()
  @MaxLength(60)
  policy?: string | null;
  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Parameters by name; an absent one takes its default. A policy within a policy is `{ name, params }`.',
  })
  @IsOptional()
  @IsObject()
  params?: Record<string, unknown> | null;
  @Field(() => Float, { defaultValue: 0, description: 'Share of probability that is spread evenly, in [0, 1).' })
  @IsNumber()
  floor!: number;
  @Field(() => StickyInput, { nullable: true, description: 'Absent: every decision draws anew.' })
  @IsOptional()
  @ValidateNested()
  sticky?: StickyInput | null;
  @Field(() => [FeatureSpecInput], { defaultValue: [] })
  @ArrayMaxSize(256)
  @ValidateNested({ each: true })
  features!: FeatureSpecInput[];
}

/** @throws DomainError FEATURE_SCHEMA_INVALID */
export function toPublishRequest(input: PublishPolicyInput, by: string): PublishPolicyRequest {
  return {
    placementId: input.placementId,
    policy: { name: input.policy, params: input.params ?? {}, floor: input.floor, sticky: input.sticky ?? null },
    features: input.features.map(toFeature),
    by,
  };
}

function toFeature({ name, source, encoding }: FeatureSpecInput, i: number): FeatureSpec {
  return { name, source: toSource(`features[${i}].source`, source), encoding: toEncoding(encoding) };
}

/** A coordinate that is no number becomes one that validation refuses by name. */
function toSource(field: string, { kind, name }: FeatureSourceInput): FeatureSource {
  const text = name ?? '';
  switch (kind) {
    case 'CONTEXT':
      return { kind: 'context', field: memberOf(`${field}.name`, text, CONTEXT_FIELDS) };
    case 'REQUEST':
      return { kind: 'request', key: text };
    case 'TRAIT':
      return { kind: 'trait', key: text };
    case 'INTEREST':
      return { kind: 'interest', category: text };
    case 'BEHAVIOUR':
      return { kind: 'behaviour', name: memberOf(`${field}.name`, text, BEHAVIOURS) };
    case 'EMBEDDING':
      return { kind: 'embedding', component: /^\d+$/.test(text) ? Number(text) : Number.NaN };
    default:
      return { kind: 'segment' };
  }
}

/** A number that is missing where it is needed becomes one that validation refuses by name. */
function toEncoding({ kind, values, center, scale, buckets }: FeatureEncodingInput): FeatureEncoding {
  if (kind === 'ONEHOT') return { kind: 'onehot', values: values ?? [] };
  if (kind === 'NUMERIC') return { kind: 'numeric', center: center ?? 0, scale: scale ?? 1 };
  return { kind: 'hash', buckets: buckets ?? 0 };
}

function memberOf<T extends string>(field: string, text: string, members: readonly T[]): T {
  const member = members.find((candidate) => candidate === text);
  if (member === undefined) {
    throw new DomainError('FEATURE_SCHEMA_INVALID', `${field} must be one of ${members.join(', ')}`, { details: { field } });
  }
  return member;
}
