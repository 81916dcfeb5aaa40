import { ArrayMaxSize, IsDate, IsIn, IsOptional, Matches, ValidateNested } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, InputType, registerEnumType } from 'type-graphql';
import type { Direction, FeatureRange, ProfileConditions } from '../domain/profile-listing';
import { CONSENT_STATES, PURPOSES, type ConsentStatus, type Purpose } from '../domain/types';
import { ConsentStatusEnum, PurposeEnum } from './profile.type';

export const DirectionEnum = { ASCENDING: 'ASCENDING', DESCENDING: 'DESCENDING' } as const satisfies Record<Direction, Direction>;
registerEnumType(DirectionEnum, { name: 'SortDirection' });

@InputType({ description: 'A range of an indexed feature; both ends belong to it, an absent one is open.' })
export class FeatureRangeInput {
  @Matches(/^\w{1,64}$/)
  @Field(() => String, { description: 'Of the catalogue; `FeatureDefinition.indexed` says which.' })
  readonly name!: string;

  @Field(() => Float, { nullable: true, description: 'A time is in ms since the epoch.' })
  readonly min?: number | null;

  @Field(() => Float, { nullable: true })
  readonly max?: number | null;
}

@InputType({ description: 'What people said on a purpose; who said nothing is not found, whatever the default of the deployment.' })
export class ConsentConditionInput {
  @IsIn(PURPOSES)
  @Field(() => PurposeEnum)
  readonly purpose!: Purpose;

  @IsIn(CONSENT_STATES)
  @Field(() => ConsentStatusEnum)
  readonly status!: ConsentStatus;
}

@InputType({
  description:
    'Narrows a list of profiles; conditions add up. An index serves a segment or a consent, each with last seen; and one feature, alone or with a segment. Anything else is FILTER_NOT_INDEXED.',
})
export class ProfileFilter {
  @IsOptional()
  @Matches(/^[\w.-]{1,64}$/)
  @Field(() => ID, { nullable: true })
  readonly segmentId?: string | null;

  @IsOptional()
  @IsDate()
  @Field(() => GraphQLDateTime, { nullable: true, description: 'Last seen then or later.' })
  readonly seenFrom?: Date | null;

  @IsOptional()
  @IsDate()
  @Field(() => GraphQLDateTime, { nullable: true, description: 'Last seen before.' })
  readonly seenBefore?: Date | null;

  @IsOptional()
  @ValidateNested()
  @Field(() => ConsentConditionInput, { nullable: true })
  readonly consent?: ConsentConditionInput | null;

  @IsOptional()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Field(() => [FeatureRangeInput], { nullable: true, description: 'The list is then ordered by the feature.' })
  readonly features?: readonly FeatureRangeInput[] | null;
}

export function toConditions(filter: ProfileFilter | null | undefined): ProfileConditions {
  const { segmentId, seenFrom, seenBefore, consent, features } = filter ?? {};
  return {
    segmentId: segmentId ?? null,
    seenFrom: seenFrom?.getTime() ?? null,
    seenBefore: seenBefore?.getTime() ?? null,
    consent: consent ?? null,
    features: (features ?? []).map(toRange),
  };
}

const toRange = ({ name, min, max }: FeatureRangeInput): FeatureRange => ({ name, min: min ?? null, max: max ?? null });
