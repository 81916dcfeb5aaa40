import { DELAY_DISCOUNT_KINDS, REWARD_AGGREGATIONS, REWARD_EVENT_TYPES, VALUE_TRANSFORM_KINDS } from '@vitrine/bandit';
import { registerEnumType } from 'type-graphql';
import { ACTIVATION_EVENTS, DEVICE_CLASSES, MEDIA_TYPES, SURFACES } from '../domain/types';

const enumOf = <T extends string>(values: readonly T[]): Readonly<Record<string, T>> =>
  Object.fromEntries(values.map((value) => [value, value]));

export const SurfaceEnum = enumOf(SURFACES);
registerEnumType(SurfaceEnum, { name: 'Surface', description: 'Kind of page.' });

export const DeviceClassEnum = enumOf(DEVICE_CLASSES);
registerEnumType(DeviceClassEnum, { name: 'DeviceClass' });

export const MediaTypeEnum = enumOf(MEDIA_TYPES);
registerEnumType(MediaTypeEnum, { name: 'MediaType' });

export const ActivationEventEnum = enumOf(ACTIVATION_EVENTS);
registerEnumType(ActivationEventEnum, { name: 'ActivationEvent', description: 'Which proof of showing turns a decision into a trial.' });

export const RewardEventTypeEnum = enumOf(REWARD_EVENT_TYPES);
registerEnumType(RewardEventTypeEnum, { name: 'RewardEventType', description: 'Events that can earn a reward.' });

export const RewardAggregationEnum = enumOf(REWARD_AGGREGATIONS);
registerEnumType(RewardAggregationEnum, { name: 'RewardAggregation', description: 'How several rewards of one trial become one.' });

export const ValueTransformKindEnum = enumOf(VALUE_TRANSFORM_KINDS);
registerEnumType(ValueTransformKindEnum, { name: 'ValueTransformKind', description: 'What the money of a purchase counts for.' });

export const DelayDiscountKindEnum = enumOf(DELAY_DISCOUNT_KINDS);
registerEnumType(DelayDiscountKindEnum, {
  name: 'DelayDiscountKind',
  description: 'How a reward fades with the delay since the decision.',
});

export const FeatureSourceKindEnum = enumOf(['CONTEXT', 'REQUEST', 'TRAIT', 'INTEREST', 'BEHAVIOUR', 'SEGMENT', 'EMBEDDING']);
registerEnumType(FeatureSourceKindEnum, {
  name: 'FeatureSourceKind',
  description: 'Where a context feature comes from.',
  valuesConfig: {
    EMBEDDING: {
      description: 'A coordinate of the visitor in the live segment model: about in standard deviations, mean 0. NUMERIC only.',
    },
  },
});

export const FeatureEncodingKindEnum = enumOf(['ONEHOT', 'NUMERIC', 'HASH']);
registerEnumType(FeatureEncodingKindEnum, { name: 'FeatureEncodingKind', description: 'How a value becomes numbers.' });

export const PolicyParameterKindEnum = enumOf(['NUMBER', 'CHOICE', 'LIST', 'POLICY']);
registerEnumType(PolicyParameterKindEnum, {
  name: 'PolicyParameterKind',
  valuesConfig: {
    LIST: { description: 'Distinct texts.' },
    POLICY: { description: 'Another policy: `{ name, params }`.' },
  },
});

export const PolicyRewardsEnum = enumOf(['UNIT', 'ANY']);
registerEnumType(PolicyRewardsEnum, {
  name: 'PolicyRewards',
  description: 'Which rewards a policy takes.',
  valuesConfig: { UNIT: { description: 'Those of [0, 1] only.' } },
});
