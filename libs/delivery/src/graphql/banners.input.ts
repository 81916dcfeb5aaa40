import { DeviceClassEnum, type DeviceClass } from '@vitrine/catalog';
import { ArrayMaxSize, ArrayMinSize, IsInt, IsOptional, Length, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { GraphQLJSON } from 'graphql-scalars';
import { Field, ID, InputType, Int } from 'type-graphql';

export const MAX_PLACEMENTS = 10;
export const MAX_SLOTS = 20;
export const MAX_EXCLUDED = 200;
const CATALOG_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const PRINTABLE = /^[\x21-\x7e]{1,128}$/;

@InputType({ description: 'One placement to fill.' })
export class PlacementRequestInput {
  @Field(() => ID)
  @Matches(CATALOG_ID)
  id: string = '';

  @Field(() => Int, { nullable: true, description: 'How many banners; as many as the placement has when absent. 1 to 20.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_SLOTS)
  slots?: number | null;

  @Field(() => [ID], { nullable: true, description: 'Banners not to show, for instance because the page holds them already.' })
  @IsOptional()
  @ArrayMaxSize(MAX_EXCLUDED)
  @Matches(CATALOG_ID, { each: true })
  excludeBannerIds?: string[] | null;
}

@InputType({ description: 'Size of the visible page, in CSS pixels.' })
export class ViewportInput {
  @Field(() => Int)
  @Min(1)
  @Max(100_000)
  width: number = 0;

  @Field(() => Int)
  @Min(1)
  @Max(100_000)
  height: number = 0;
}

@InputType({ description: 'What the app knows about this request. Nothing here is kept in a profile.' })
export class DecisionContextInput {
  @Field(() => DeviceClassEnum, { nullable: true, description: 'Told from the viewport, else from the user agent, when absent.' })
  @IsOptional()
  device?: DeviceClass | null;

  @Field(() => ViewportInput, { nullable: true })
  @IsOptional()
  @ValidateNested()
  viewport?: ViewportInput | null;

  @Field(() => String, { nullable: true, description: 'BCP 47, for instance de-CH.' })
  @IsOptional()
  @Length(1, 35)
  locale?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(2048)
  url?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(2048)
  referrer?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(200)
  category?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @MaxLength(200)
  productId?: string | null;

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'At most 64 texts, numbers or booleans by name; texts of at most 200 characters.',
  })
  @IsOptional()
  features?: unknown;
}

@InputType({ description: 'Asks for the banners of one page.' })
export class BannersInput {
  @Field(() => ID, { nullable: true, description: 'Anonymous visitor; ignored when a user token names one.' })
  @IsOptional()
  @Matches(PRINTABLE)
  visitorId?: string | null;

  @Field(() => [PlacementRequestInput], { description: 'At most 10. Filled in this order; no banner appears twice on the page.' })
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_PLACEMENTS)
  @ValidateNested({ each: true })
  placements: PlacementRequestInput[] = [];

  @Field(() => DecisionContextInput, { nullable: true })
  @IsOptional()
  @ValidateNested()
  context?: DecisionContextInput | null;

  @Field(() => ID, { nullable: true, description: 'Makes retries idempotent: asked again within ten minutes, the same answer comes back.' })
  @IsOptional()
  @Matches(PRINTABLE)
  decisionGroupId?: string | null;
}
