import { Access } from '@vitrine/platform';
import { Directive, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { Stored } from '../application/ports';
import { REWARD_EVENT_TYPES } from '../domain/placement.validation';
import type { ActivationEvent, DeviceClass, Placement, RewardEventType, RewardSpec, Size, Surface } from '../domain/types';
import { ActivationEventEnum, DeviceClassEnum, RewardAggregationEnum, RewardEventTypeEnum, SurfaceEnum } from './catalog.enums';

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
@ObjectType('RewardWeight', { simpleResolvers: true })
export class RewardWeightType {
  @Field(() => RewardEventTypeEnum)
  readonly event: RewardEventType;
  @Field(() => Float)
  readonly weight: number;

  constructor(event: RewardEventType, weight: number) {
    this.event = event;
    this.weight = weight;
  }
}

@Access('catalog:read')
@ObjectType('Reward', { description: 'How events become the number that is learned from.', simpleResolvers: true })
export class RewardType {
  @Field(() => [RewardWeightType], { description: 'An event that is not listed earns nothing.' })
  readonly weights: readonly RewardWeightType[];
  @Field(() => Float, { description: 'Reward per unit of money of a purchase; 0 ignores money.' })
  readonly valueWeight: number;
  @Field(() => RewardAggregationEnum)
  readonly aggregation: RewardSpec['aggregation'];
  @Field(() => Float)
  readonly defaultReward: number;
  @Field(() => Float, { description: 'Lower bound of one trial.' })
  readonly min: number;
  @Field(() => Float, { description: 'Upper bound of one trial.' })
  readonly max: number;

  constructor(reward: RewardSpec) {
    this.weights = weightsOf(reward);
    this.valueWeight = reward.valueWeight;
    this.aggregation = reward.aggregation;
    this.defaultReward = reward.defaultReward;
    this.min = reward.min;
    this.max = reward.max;
  }
}

function weightsOf({ weights }: RewardSpec): readonly RewardWeightType[] {
  return REWARD_EVENT_TYPES.flatMap((event) => {
    const weight = weights[event];
    return weight === undefined ? [] : [new RewardWeightType(event, weight)];
  });
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
