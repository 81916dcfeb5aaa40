import { registerEnumType } from 'type-graphql';
import { REWARD_AGGREGATIONS, REWARD_EVENT_TYPES } from '../domain/placement.validation';
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

export const FeatureSourceKindEnum = enumOf(['CONTEXT', 'REQUEST', 'TRAIT', 'INTEREST', 'BEHAVIOUR', 'SEGMENT']);
registerEnumType(FeatureSourceKindEnum, { name: 'FeatureSourceKind', description: 'Where a context feature comes from.' });

export const FeatureEncodingKindEnum = enumOf(['ONEHOT', 'NUMERIC', 'HASH']);
registerEnumType(FeatureEncodingKindEnum, { name: 'FeatureEncodingKind', description: 'How a value becomes numbers.' });
