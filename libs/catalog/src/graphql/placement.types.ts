import { Access } from '@vitrine/platform';
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { Stored } from '../application/ports';
import type { ActivationEvent, DeviceClass, Placement, Size, Surface } from '../domain/types';
import { ActivationEventEnum, DeviceClassEnum, SurfaceEnum } from './catalog.enums';
import { RewardType } from './reward.types';

@Access('catalog:read')
@ObjectType('Size', { description: 'In CSS pixels.', simpleResolvers: true })
export class SizeType {
  @Field(() => Int)
  readonly width: number;
  @Field(() => Int)
  readonly height: number;

  constructor({ width, height }: Size) {
    this.width = width;
    this.height = height;
  }
}

@Access('catalog:read')
@ObjectType('DeviceSizes', { description: 'Sizes that a placement accepts on one device class, preferred first.', simpleResolvers: true })
export class DeviceSizesType {
  @Field(() => DeviceClassEnum)
  readonly device: string;
  @Field(() => [SizeType])
  readonly sizes: readonly SizeType[];

  constructor([device, sizes]: readonly [string, readonly Size[]]) {
    this.device = device;
    this.sizes = sizes;
  }
}

@Access('catalog:read')
@Directive('@key(fields: "id")')
@ObjectType('Placement', { description: 'A named, stable place that an app asks banners for.', simpleResolvers: true })
export class PlacementType {
  @Field(() => ID)
  readonly id: string;
  @Field(() => SurfaceEnum)
  readonly surface: Surface;
  @Field(() => String)
  readonly name: string;
  @Field(() => Int)
  readonly slots: number;
  @Field(() => [DeviceSizesType], { description: 'A device class that is not listed accepts every size.' })
  readonly sizes: readonly DeviceSizesType[];
  @Field(() => ActivationEventEnum)
  readonly activation: ActivationEvent;
  @Field(() => RewardType)
  readonly reward: RewardType;
  @Field(() => Float, { description: 'Longest delay from decision to reward, in milliseconds.' })
  readonly attributionWindowMs: number;
  @Field(() => [ID], { description: 'Shown, in this order, when nothing better can be decided.' })
  readonly fallbackBannerIds: readonly string[];
  @Field(() => Float, { description: 'Share of visitors who are never personalized, in [0, 1].' })
  readonly holdoutShare: number;
  @Field(() => Int, { description: 'Catalogue revision of its last change.' })
  readonly revision: number;

  constructor({ value, revision }: Stored<Placement>) {
    this.id = value.id;
    this.surface = value.surface;
    this.name = value.name;
    this.slots = value.slots;
    this.sizes = sizesOf(value.sizes);
    this.activation = value.activation;
    this.reward = new RewardType(value.reward);
    this.attributionWindowMs = value.attributionWindowMs;
    this.fallbackBannerIds = value.fallbackBannerIds;
    this.holdoutShare = value.holdoutShare;
    this.revision = revision;
  }
}

function sizesOf(sizes: Readonly<Partial<Record<DeviceClass, readonly Size[]>>>): readonly DeviceSizesType[] {
  return Object.entries(sizes).map((entry) => new DeviceSizesType(entry));
}
