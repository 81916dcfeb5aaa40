import { DeviceClassEnum, type DeviceClass } from '@vitrine/catalog';
import { EventTypeEnum } from '@vitrine/feedback';
import type { ProfileEventType } from '@vitrine/profile';
import { ArrayMaxSize, IsDate, IsInt, IsObject, IsOptional, Length, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int } from 'type-graphql';

export const MAX_PERSONA_EVENTS = 500;
const CATALOG_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

@InputType({ description: 'Something that a persona did; counts in its features as the event of a person would.' })
export class PersonaEventInput {
  @Field(() => EventTypeEnum)
  type!: ProfileEventType;

  @Field(() => GraphQLDateTime, { description: 'Not in the future.' })
  @IsDate()
  occurredAt!: Date;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(200)
  category?: string | null;

  @Field(() => ID, { nullable: true })
  @IsOptional()
  @MaxLength(200)
  productId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Minor units of the deployment’s currency: a price, or what was paid.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  valueMinor?: number | null;

  @Field(() => Int, { nullable: true, description: 'Of DWELL and PAGE_LEAVE.' })
  @IsOptional()
  @IsInt()
  @Min(0)
  dwellMs?: number | null;

  @Field(() => Float, { nullable: true, description: 'Share of the page that was read, of DWELL and PAGE_LEAVE.' })
  @IsOptional()
  @Min(0)
  @Max(1)
  scrollDepth?: number | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The campaign that was shown, of the one event that proves a showing: frequency caps count it.',
  })
  @IsOptional()
  @Matches(CATALOG_ID)
  campaignId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The banner that was shown: with `campaignId`.' })
  @IsOptional()
  @Matches(CATALOG_ID)
  bannerId?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether it came through a banner.' })
  throughBanner!: boolean;
}

@InputType({ description: 'A person that does not exist.' })
export class PersonaInput {
  @Field(() => DeviceClassEnum, { nullable: true, description: 'Of the persona and its request, where the context of that names none.' })
  @IsOptional()
  device?: DeviceClass | null;

  @Field(() => String, { nullable: true, description: 'BCP 47; of the persona and its request, where the context of that names none.' })
  @IsOptional()
  @Length(1, 35)
  locale?: string | null;

  @Field(() => GraphQLJSON, { nullable: true, description: 'As `identify` takes them.' })
  @IsOptional()
  @IsObject()
  traits?: Readonly<Record<string, unknown>> | null;

  @Field(() => ID, { nullable: true, description: 'Absent: the live segment model decides by the events.' })
  @IsOptional()
  @Matches(/^[\w.-]{1,64}$/)
  segmentId?: string | null;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether the persona consents to PERSONALIZATION.' })
  personalized!: boolean;

  @Field(() => [PersonaEventInput], { defaultValue: [], description: `At most ${MAX_PERSONA_EVENTS}, in any order.` })
  @ArrayMaxSize(MAX_PERSONA_EVENTS)
  @ValidateNested({ each: true })
  events!: readonly PersonaEventInput[];
}
