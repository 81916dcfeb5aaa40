import { REWARD_EVENT_TYPES } from '@vitrine/bandit';
import { Access } from '@vitrine/platform';
import { Field, Float, ObjectType } from 'type-graphql';
import type { RewardEventType, RewardSpec } from '../domain/types';
import { DelayDiscountKindEnum, RewardAggregationEnum, RewardEventTypeEnum, ValueTransformKindEnum } from './catalog.enums';

type Transform = NonNullable<RewardSpec['valueTransform']>;
type Discount = NonNullable<RewardSpec['delayDiscount']>;

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
@ObjectType('ValueTransform', { simpleResolvers: true })
export class ValueTransformType {
  @Field(() => ValueTransformKindEnum)
  readonly kind: Transform['kind'];
  @Field(() => Float, { nullable: true, description: 'Of CAP: money above this many minor units does not count.' })
  readonly capMinor: number | null;
  @Field(() => Float, { nullable: true, description: 'Of LOG: ln(1 + amount / scaleMinor), in minor units.' })
  readonly scaleMinor: number | null;

  constructor(transform: Transform) {
    this.kind = transform.kind;
    this.capMinor = transform.kind === 'CAP' ? transform.capMinor : null;
    this.scaleMinor = transform.kind === 'LOG' ? transform.scaleMinor : null;
  }
}

@Access('catalog:read')
@ObjectType('DelayDiscount', { simpleResolvers: true })
export class DelayDiscountType {
  @Field(() => DelayDiscountKindEnum)
  readonly kind: Discount['kind'];
  @Field(() => Float, { nullable: true, description: 'Of EXPONENTIAL: the delay that halves a reward, in milliseconds.' })
  readonly halfLifeMs: number | null;

  constructor(discount: Discount) {
    this.kind = discount.kind;
    this.halfLifeMs = discount.kind === 'EXPONENTIAL' ? discount.halfLifeMs : null;
  }
}

@Access('catalog:read')
@ObjectType('Reward', { description: 'How events become the number that is learned from.', simpleResolvers: true })
export class RewardType {
  @Field(() => [RewardWeightType], { description: 'An event that is not listed earns nothing.' })
  readonly weights: readonly RewardWeightType[];
  @Field(() => Float, { description: 'Reward per unit of transformed money of a purchase; 0 ignores money.' })
  readonly valueWeight: number;
  @Field(() => ValueTransformType, { description: 'What the money counts for before valueWeight multiplies it.' })
  readonly valueTransform: ValueTransformType;
  @Field(() => DelayDiscountType, { description: 'How much of a reward is left, by its delay since the decision.' })
  readonly delayDiscount: DelayDiscountType;
  @Field(() => RewardAggregationEnum)
  readonly aggregation: RewardSpec['aggregation'];
  @Field(() => Float, { description: 'Reward of a trial to which no event contributed.' })
  readonly defaultReward: number;
  @Field(() => Float, { description: 'Lower bound of one trial.' })
  readonly min: number;
  @Field(() => Float, { description: 'Upper bound of one trial.' })
  readonly max: number;

  constructor(reward: RewardSpec) {
    this.weights = weightsOf(reward);
    this.valueWeight = reward.valueWeight;
    this.valueTransform = new ValueTransformType(reward.valueTransform ?? { kind: 'NONE' });
    this.delayDiscount = new DelayDiscountType(reward.delayDiscount ?? { kind: 'NONE' });
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
