import { Access, PublicType } from '@vitrine/platform';
import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import type { Stored } from '../application/ports';
import type { Banner, Creative, DeviceClass, MediaType } from '../domain/types';
import { DeviceClassEnum, MediaTypeEnum } from './catalog.enums';

/** Resolves from a domain `Creative` as it is. */
@PublicType()
@ObjectType('Creative', { description: 'A renderable variant of a banner.', simpleResolvers: true })
export class CreativeType {
  @Field(() => ID, { description: 'Unique within its banner.' })
  readonly id: string;
  @Field(() => MediaTypeEnum)
  readonly media: MediaType;
  @Field(() => Int, { description: 'In CSS pixels.' })
  readonly width: number;
  @Field(() => Int, { description: 'In CSS pixels.' })
  readonly height: number;
  @Field(() => String)
  readonly altText: string;
  @Field(() => String)
  readonly url: string;
  @Field(() => String, { nullable: true, description: 'BCP 47; null serves every locale.' })
  readonly locale: string | null;
  @Field(() => [DeviceClassEnum], { description: 'Empty: every device.' })
  readonly devices: readonly DeviceClass[];

  constructor(creative: Creative) {
    this.id = creative.id;
    this.media = creative.media;
    this.width = creative.width;
    this.height = creative.height;
    this.altText = creative.altText;
    this.url = creative.url;
    this.locale = creative.locale;
    this.devices = creative.devices;
  }
}

/** What a shopper's app receives. Resolves from a domain `Banner` as it is; what is not declared here never leaves. */
@PublicType()
@Directive('@key(fields: "id")')
@ObjectType('Banner', { description: 'What a policy chooses and a shopper sees.', simpleResolvers: true })
export class BannerType {
  @Field(() => ID)
  readonly id: string;
  @Field(() => String)
  readonly name: string;
  @Field(() => String)
  readonly landingUrl: string;
  @Field(() => String, { nullable: true })
  readonly category: string | null;
  @Field(() => [CreativeType])
  readonly creatives: readonly CreativeType[];

  constructor(banner: Banner) {
    this.id = banner.id;
    this.name = banner.name;
    this.landingUrl = banner.landingUrl;
    this.category = banner.category;
    this.creatives = banner.creatives;
  }
}

/** A banner as staff manage it: with its features and where it stands. */
@Access('catalog:read')
@ObjectType('ManagedBanner', { description: 'A banner with its configuration.', simpleResolvers: true })
export class ManagedBannerType {
  @Field(() => ID)
  readonly id: string;
  @Field(() => BannerType, { description: 'What a shopper sees of it.' })
  readonly banner: BannerType;
  @Field(() => ID)
  readonly campaignId: string;
  @Field(() => String)
  readonly name: string;
  @Field(() => String)
  readonly landingUrl: string;
  @Field(() => String, { nullable: true })
  readonly category: string | null;
  @Field(() => [String])
  readonly tags: readonly string[];
  @Field(() => String, { nullable: true })
  readonly priceBand: string | null;
  @Field(() => Boolean)
  readonly enabled: boolean;
  @Field(() => [CreativeType])
  readonly creatives: readonly CreativeType[];
  @Field(() => Int, { description: 'Catalogue revision of its last change.' })
  readonly revision: number;

  constructor({ value, revision }: Stored<Banner>) {
    this.id = value.id;
    this.banner = new BannerType(value);
    this.campaignId = value.campaignId;
    this.name = value.name;
    this.landingUrl = value.landingUrl;
    this.category = value.category;
    this.tags = value.tags;
    this.priceBand = value.priceBand;
    this.enabled = value.enabled;
    this.creatives = value.creatives;
    this.revision = revision;
  }
}
