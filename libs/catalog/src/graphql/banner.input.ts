import { campaignId } from '@vitrine/kernel';
import { ArrayMaxSize, IsBoolean, IsIn, IsInt, IsOptional, MaxLength, ValidateNested } from 'class-validator';
import { Field, ID, InputType, Int } from 'type-graphql';
import type { BannerPatch } from '../application/upsert-banner';
import { DEVICE_CLASSES, MEDIA_TYPES, type Creative, type DeviceClass, type MediaType } from '../domain/types';
import { DeviceClassEnum, MediaTypeEnum } from './catalog.enums';
import { given } from './given';

@InputType()
export class CreativeInput {
  @Field(() => ID)
  @MaxLength(40)
  id!: string;
  @Field(() => MediaTypeEnum)
  @IsIn(MEDIA_TYPES)
  media!: MediaType;
  @Field(() => Int, { description: 'In CSS pixels.' })
  @IsInt()
  width!: number;
  @Field(() => Int, { description: 'In CSS pixels.' })
  @IsInt()
  height!: number;
  @Field(() => [DeviceClassEnum], { defaultValue: [], description: 'Empty: every device.' })
  @IsIn(DEVICE_CLASSES, { each: true })
  devices!: DeviceClass[];
  @Field(() => String, { nullable: true, description: 'BCP 47; null serves every locale.' })
  @IsOptional()
  @MaxLength(35)
  locale?: string | null;
  @Field(() => String, { defaultValue: '' })
  @MaxLength(500)
  altText!: string;
  @Field(() => String)
  @MaxLength(2_048)
  url!: string;
}

@InputType({
  description: 'A value sets a field, null clears it, an absent field stays. A new banner needs campaignId, name and landingUrl.',
})
export class UpsertBannerInput {
  @Field(() => ID)
  @MaxLength(40)
  id!: string;
  @Field(() => ID, { nullable: true })
  @IsOptional()
  @MaxLength(40)
  campaignId?: string | null;
  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(200)
  name?: string | null;
  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(2_048)
  landingUrl?: string | null;
  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(100)
  category?: string | null;
  @Field(() => [String], { nullable: true })
  @IsOptional()
  @ArrayMaxSize(50)
  tags?: string[] | null;
  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(100)
  priceBand?: string | null;
  @Field(() => Boolean, { nullable: true })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean | null;
  @Field(() => [CreativeInput], { nullable: true })
  @IsOptional()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  creatives?: CreativeInput[] | null;
  @Field(() => Int, { nullable: true, description: 'Refuse the change when the banner is not at this revision; 0: it must be new.' })
  @IsOptional()
  @IsInt()
  expectedRevision?: number | null;
}

/** @throws DomainError BAD_USER_INPUT */
export function toBannerPatch(input: UpsertBannerInput): BannerPatch {
  const { campaignId: campaign, creatives, ...rest } = input;
  return { ...rest, campaignId: given(campaign, campaignId), creatives: given(creatives, (list) => list.map(toCreative)) };
}

function toCreative({ id, media, width, height, devices, locale, altText, url }: CreativeInput): Creative {
  return { id, media, width, height, devices, locale: locale ?? null, altText, url };
}
