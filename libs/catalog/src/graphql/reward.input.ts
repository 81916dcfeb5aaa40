import { DELAY_DISCOUNT_KINDS, REWARD_AGGREGATIONS, REWARD_EVENT_TYPES, VALUE_TRANSFORM_KINDS } from '@vitrine/bandit';
import { ArrayMaxSize, IsIn, IsNumber, IsOptional, ValidateNested } from 'class-validator';
import { Field, Float, InputType } from 'type-graphql';
import { invalidField } from '../domain/field-check';
import { rewardFrom } from '../domain/reward.validation';
import type { RewardEventType, RewardSpec } from '../domain/types';
import { DelayDiscountKindEnum, RewardAggregationEnum, RewardEventTypeEnum, ValueTransformKindEnum } from './catalog.enums';

@InputType()
export class RewardWeightInput {
  @Field(() => RewardEventTypeEnum)
  @IsIn(REWARD_EVENT_TYPES)
  event!: RewardEventType;
  @Field(() => Float)
  @IsNumber()
  weight!: number;
}

@InputType()
export class ValueTransformInput {
  @Field(() => ValueTransformKindEnum)
  @IsIn(VALUE_TRANSFORM_KINDS)
  kind!: string;
  @Field(() => Float, { nullable: true, description: 'Of CAP: whole minor units, at least 1.' })
  @IsOptional()
  @IsNumber()
  capMinor?: number | null;
  @Field(() => Float, { nullable: true, description: 'Of LOG: whole minor units, at least 1.' })
  @IsOptional()
  @IsNumber()
  scaleMinor?: number | null;
}

@InputType()
export class DelayDiscountInput {
  @Field(() => DelayDiscountKindEnum)
  @IsIn(DELAY_DISCOUNT_KINDS)
  kind!: string;
  @Field(() => Float, { nullable: true, description: 'Of EXPONENTIAL: whole milliseconds, at least 1.' })
  @IsOptional()
  @IsNumber()
  halfLifeMs?: number | null;
}

@InputType({ description: 'Replaces the reward of a placement as a whole.' })
export class RewardInput {
  @Field(() => [RewardWeightInput])
  @ArrayMaxSize(REWARD_EVENT_TYPES.length)
  @ValidateNested({ each: true })
  weights!: RewardWeightInput[];
  @Field(() => Float, { defaultValue: 0 })
  @IsNumber()
  valueWeight!: number;
  @Field(() => ValueTransformInput, { nullable: true, description: 'NONE when absent.' })
  @IsOptional()
  @ValidateNested()
  valueTransform?: ValueTransformInput | null;
  @Field(() => DelayDiscountInput, { nullable: true, description: 'NONE when absent.' })
  @IsOptional()
  @ValidateNested()
  delayDiscount?: DelayDiscountInput | null;
  @Field(() => RewardAggregationEnum, { defaultValue: 'FIRST' })
  @IsIn(REWARD_AGGREGATIONS)
  aggregation!: RewardSpec['aggregation'];
  @Field(() => Float, { defaultValue: 0 })
  @IsNumber()
  defaultReward!: number;
  @Field(() => Float, { defaultValue: 0 })
  @IsNumber()
  min!: number;
  @Field(() => Float, { defaultValue: 1 })
  @IsNumber()
  max!: number;
}

/** @throws DomainError BAD_USER_INPUT with the place in `details.field` */
export function toReward({ weights, valueTransform, delayDiscount, ...rest }: RewardInput): RewardSpec {
  const options = present({ valueTransform: optionOf(valueTransform), delayDiscount: optionOf(delayDiscount) });
  return rewardFrom({ ...rest, ...options, weights: byEvent(weights) });
}

function byEvent(weights: readonly RewardWeightInput[]): Readonly<Record<string, number>> {
  const table: Record<string, number> = {};
  for (const { event, weight } of weights) {
    if (table[event] !== undefined) throw invalidField('reward.weights', 'must not repeat an event');
    table[event] = weight;
  }
  return table;
}

const optionOf = (option: object | null | undefined): object | null => (option === null || option === undefined ? null : present(option));

/** The fields that were given; as plain data, for it is stored. */
const present = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
