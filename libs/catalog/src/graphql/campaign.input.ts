import { placementId } from '@vitrine/kernel';
import { ArrayMaxSize, IsBoolean, IsDate, IsInt, IsNumber, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import type { CampaignFilter } from '../application/ports';
import type { CampaignPatch } from '../application/upsert-campaign';
import { given } from './given';

@InputType({ description: 'Half-open, in minutes from local midnight; may run over midnight.' })
export class DayPartInput {
  @Field(() => [Int], { defaultValue: [], description: '1 Monday to 7 Sunday; empty: every day.' })
  @ArrayMaxSize(7)
  weekdays!: number[];
  @Field(() => Int)
  @IsInt()
  fromMinute!: number;
  @Field(() => Int)
  @IsInt()
  toMinute!: number;
}

@InputType()
export class FrequencyCapInput {
  @Field(() => Int)
  @IsInt()
  limit!: number;
  @Field(() => Float, { description: 'In whole milliseconds.' })
  @IsInt()
  windowMs!: number;
}

@InputType({ description: 'A value sets a field, null clears it, an absent field stays. A new campaign needs a name.' })
export class UpsertCampaignInput {
  @Field(() => ID)
  @MaxLength(40)
  id!: string;
  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(200)
  name?: string | null;
  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(500)
  goal?: string | null;
  @Field(() => [ID], { nullable: true })
  @IsOptional()
  @ArrayMaxSize(200)
  placementIds?: string[] | null;
  @Field(() => Boolean, { nullable: true })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean | null;
  @Field(() => GraphQLDateTime, { nullable: true })
  @IsOptional()
  @IsDate()
  startsAt?: Date | null;
  @Field(() => GraphQLDateTime, { nullable: true, description: 'Exclusive.' })
  @IsOptional()
  @IsDate()
  endsAt?: Date | null;
  @Field(() => String, { nullable: true, description: 'IANA name.' })
  @IsOptional()
  @MaxLength(100)
  timeZone?: string | null;
  @Field(() => [DayPartInput], { nullable: true })
  @IsOptional()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  dayParts?: DayPartInput[] | null;
  @Field(() => String, { nullable: true, description: 'CEL over context, features, traits, segment, device, locale.' })
  @IsOptional()
  @MaxLength(4_000)
  audience?: string | null;
  @Field(() => Int, { nullable: true })
  @IsOptional()
  @IsInt()
  tier?: number | null;
  @Field(() => FrequencyCapInput, { nullable: true })
  @IsOptional()
  @ValidateNested()
  frequencyCap?: FrequencyCapInput | null;
  @Field(() => Float, { nullable: true })
  @IsOptional()
  @IsNumber()
  pacing?: number | null;
  @Field(() => Int, { nullable: true, description: 'Refuse the change when the campaign is not at this revision; 0: it must be new.' })
  @IsOptional()
  @IsInt()
  expectedRevision?: number | null;
}

/** @throws DomainError BAD_USER_INPUT */
export function toCampaignPatch(input: UpsertCampaignInput): CampaignPatch {
  const { placementIds, startsAt, endsAt, dayParts, frequencyCap, ...rest } = input;
  return {
    ...rest,
    placementIds: given(placementIds, (ids) => ids.map(placementId)),
    startsAt: given(startsAt, (date) => date.getTime()),
    endsAt: given(endsAt, (date) => date.getTime()),
    dayParts: given(dayParts, (parts) => parts.map(({ weekdays, fromMinute, toMinute }) => ({ weekdays, fromMinute, toMinute }))),
    frequencyCap: given(frequencyCap, ({ limit, windowMs }) => ({ limit, windowMs })),
  };
}

@InputType('CampaignFilter')
export class CampaignFilterInput {
  @Field(() => ID, { nullable: true })
  @IsOptional()
  @MaxLength(40)
  placementId?: string | null;
  @Field(() => Boolean, { nullable: true })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean | null;
  @Field(() => String, { nullable: true, description: 'Part of the id or name, in any case.' })
  @IsOptional()
  @MaxLength(100)
  text?: string | null;
}

/** @throws DomainError BAD_USER_INPUT */
export function toCampaignFilter(input: CampaignFilterInput | null | undefined): CampaignFilter {
  return {
    placementId: given(input?.placementId, placementId) ?? null,
    enabled: input?.enabled ?? null,
    text: input?.text ?? null,
  };
}
