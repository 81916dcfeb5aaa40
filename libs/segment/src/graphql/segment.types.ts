import { SMALLEST_SEGMENT } from '@vitrine/profile';
import { Access } from '@vitrine/platform';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { outlivedItsRows } from '../domain/erased-share';
import { SEGMENT_MODEL_STATUSES, type SegmentModel, type SegmentModelStatus, type SegmentRate, type SegmentSummary } from '../domain/types';
import { SegmentConfigurationType } from './training-run.types';

const SegmentModelStatusEnum = Object.fromEntries(SEGMENT_MODEL_STATUSES.map((status) => [status, status]));
registerEnumType(SegmentModelStatusEnum, {
  name: 'SegmentModelStatus',
  description: 'A candidate waits for its gate, the published model is live, a retired one was, a refused one never will be.',
});

@Access('insight:read')
@ObjectType('SegmentRate', { description: 'A share with its 95 % interval (Wilson).', simpleResolvers: true })
export class SegmentRateType {
  @Field(() => Float)
  readonly value: number;
  @Field(() => Float)
  readonly low: number;
  @Field(() => Float)
  readonly high: number;
  @Field(() => Int, { description: 'People it was measured on.' })
  readonly people: number;

  constructor({ value, low, high, people }: SegmentRate) {
    this.value = value;
    this.low = low;
    this.high = high;
    this.people = people;
  }
}

@Access('insight:read')
@ObjectType('Segment', { description: 'A group of profiles that behave alike.', simpleResolvers: true })
export class SegmentType {
  @Field(() => ID, { description: 'Kept from version to version while most of its people stay together.' })
  readonly id: string;
  @Field(() => String, { description: 'What sets its profiles apart.' })
  readonly name: string;
  @Field(() => String, { description: 'The same in a sentence, with how far from the average.' })
  readonly description: string;
  @Field(() => Float, { description: 'Share of the profiles that the model was trained on, in [0, 1].' })
  readonly share: number;
  @Field(() => Int, { description: `Profiles in it when the model was last applied to all of them; 0 for fewer than ${SMALLEST_SEGMENT}.` })
  readonly size: number;
  @Field(() => SegmentRateType, {
    nullable: true,
    description: `How often its people responded, later and among people who were held out; null where fewer than ${SMALLEST_SEGMENT} were looked at.`,
  })
  readonly rate: SegmentRateType | null;

  constructor({ id, name, description, share, size, rate }: SegmentSummary) {
    this.id = id;
    this.name = name;
    this.description = description;
    this.share = share;
    this.size = size < SMALLEST_SEGMENT ? 0 : size;
    this.rate = rate === null || rate.people < SMALLEST_SEGMENT ? null : new SegmentRateType(rate);
  }
}

@Access('insight:read')
@ObjectType('SegmentModelMetric', { simpleResolvers: true })
export class SegmentModelMetricType {
  @Field(() => String)
  readonly name: string;
  @Field(() => Float)
  readonly value: number;

  constructor([name, value]: readonly [string, number]) {
    this.name = name;
    this.value = value;
  }
}

@Access('insight:read')
@ObjectType('SegmentModel', { description: 'One trained version; immutable but for its status.', simpleResolvers: true })
export class SegmentModelType {
  @Field(() => Int)
  readonly version: number;
  @Field(() => SegmentModelStatusEnum)
  readonly status: SegmentModelStatus;
  @Field(() => [SegmentType])
  readonly segments: readonly SegmentType[];
  @Field(() => [String])
  readonly featureNames: readonly string[];
  @Field(() => SegmentConfigurationType)
  readonly configuration: SegmentConfigurationType;
  @Field(() => Int, { nullable: true, description: 'Version that was live when it was trained; null for the first.' })
  readonly parentVersion: number | null;
  @Field(() => String, { description: 'SHA-256 over the rows it was trained, tuned and tested on.' })
  readonly fingerprint: string;
  @Field(() => String, { description: 'Which build of the code trained it.' })
  readonly codeVersion: string;
  @Field(() => [SegmentModelMetricType], { description: 'Measured while fitting and on held-out rows.' })
  readonly metrics: readonly SegmentModelMetricType[];
  @Field(() => Int)
  readonly trainedRows: number;
  @Field(() => Int, { description: 'Of those, how many belong to people who were erased since.' })
  readonly erasedRows: number;
  @Field(() => Boolean, { description: 'Whether more of its rows were erased than may be (1 %): it should be trained again.' })
  readonly retrainAdvised: boolean;
  @Field(() => GraphQLDateTime)
  readonly createdAt: Date;
  @Field(() => String, { nullable: true, description: 'Which rule of the gate refused it, with its numbers.' })
  readonly refusal: string | null;

  constructor(model: SegmentModel) {
    this.version = model.version;
    this.status = model.status;
    this.segments = model.segments.map((segment) => new SegmentType(segment));
    this.featureNames = model.featureNames;
    this.configuration = new SegmentConfigurationType(model.configuration);
    this.parentVersion = model.parentVersion;
    this.fingerprint = model.fingerprint;
    this.codeVersion = model.codeVersion;
    this.metrics = Object.entries(model.metrics).map((metric) => new SegmentModelMetricType(metric));
    this.trainedRows = model.trainedRows;
    this.erasedRows = model.erasedRows ?? 0;
    this.retrainAdvised = outlivedItsRows(model);
    this.createdAt = new Date(model.createdAt);
    this.refusal = model.refusal;
  }
}
