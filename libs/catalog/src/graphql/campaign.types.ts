import { Access } from '@vitrine/platform';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { Stored } from '../application/ports';
import type { Campaign, DayPart, FrequencyCap } from '../domain/types';
import { ManagedBannerType } from './banner.types';

@Access('catalog:read')
@ObjectType('DayPart', { description: 'Half-open, in minutes from local midnight; may run over midnight.', simpleResolvers: true })
export class DayPartType {
  @Field(() => [Int], { description: '1 Monday to 7 Sunday; empty: every day.' })
  readonly weekdays: readonly number[];
  @Field(() => Int)
  readonly fromMinute: number;
  @Field(() => Int)
  readonly toMinute: number;

  constructor({ weekdays, fromMinute, toMinute }: DayPart) {
    this.weekdays = weekdays;
    this.fromMinute = fromMinute;
    this.toMinute = toMinute;
  }
}

@Access('catalog:read')
@ObjectType('FrequencyCap', { simpleResolvers: true })
export class FrequencyCapType {
  @Field(() => Int, { description: 'Shows to one visitor within the window.' })
  readonly limit: number;
  @Field(() => Float, { description: 'In milliseconds.' })
  readonly windowMs: number;

  constructor({ limit, windowMs }: FrequencyCap) {
    this.limit = limit;
    this.windowMs = windowMs;
  }
}

/** Reads the banners of one campaign; the campaigns of a page share one query, made only when asked for. */
export type CampaignBanners = (campaign: Campaign) => Promise<readonly ManagedBannerType[]>;

@Access('catalog:read')
@ObjectType('Campaign', { description: 'Goal, flight, audience and limits of a set of banners.', simpleResolvers: true })
export class CampaignType {
  @Field(() => ID)
  readonly id: string;
  @Field(() => String)
  readonly name: string;
  @Field(() => String, { nullable: true })
  readonly goal: string | null;
  @Field(() => [ID])
  readonly placementIds: readonly string[];
  @Field(() => Boolean)
  readonly enabled: boolean;
  @Field(() => GraphQLDateTime, { nullable: true, description: 'Null: since ever.' })
  readonly startsAt: Date | null;
  @Field(() => GraphQLDateTime, { nullable: true, description: 'Exclusive; null: for ever.' })
  readonly endsAt: Date | null;
  @Field(() => String, { description: 'IANA name; day-parts are told by its clock.' })
  readonly timeZone: string;
  @Field(() => [DayPartType], { description: 'Empty: all day.' })
  readonly dayParts: readonly DayPartType[];
  @Field(() => String, { nullable: true, description: 'CEL over context, features, traits, segment, device, locale; null: everybody.' })
  readonly audience: string | null;
  @Field(() => Int, { description: 'Lower wins.' })
  readonly tier: number;
  @Field(() => FrequencyCapType, { nullable: true })
  readonly frequencyCap: FrequencyCapType | null;
  @Field(() => Float, { description: 'Share of requests that it takes part in, in (0, 1].' })
  readonly pacing: number;
  @Field(() => Int, { description: 'Catalogue revision of its last change.' })
  readonly revision: number;
  @Field(() => [ManagedBannerType], { description: 'In id order.' })
  readonly banners: () => Promise<readonly ManagedBannerType[]>;

  constructor({ value, revision }: Stored<Campaign>, banners: CampaignBanners) {
    this.id = value.id;
    this.name = value.name;
    this.goal = value.goal;
    this.placementIds = value.placementIds;
    this.enabled = value.enabled;
    this.startsAt = value.startsAt === null ? null : new Date(value.startsAt);
    this.endsAt = value.endsAt === null ? null : new Date(value.endsAt);
    this.timeZone = value.timeZone;
    this.dayParts = value.dayParts;
    this.audience = value.audience;
    this.tier = value.tier;
    this.frequencyCap = value.frequencyCap;
    this.pacing = value.pacing;
    this.revision = revision;
    this.banners = () => banners(value);
  }
}
