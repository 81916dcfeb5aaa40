import { Access } from '@vitrine/platform';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { outlivedItsRows } from '../domain/erased-share';
import { SEGMENT_MODEL_STATUSES, type SegmentModel, type SegmentModelStatus, type SegmentSummary } from '../domain/types';

const SegmentModelStatusEnum = Object.fromEntries(SEGMENT_MODEL_STATUSES.map((status) => [status, status]));
registerEnumType(SegmentModelStatusEnum, {
  name: 'SegmentModelStatus',
  description: 'A candidate waits for its gate, the published model is live, a retired one was, a refused one never will be.',
});

@Access('insight:read')
@ObjectType('Segment', { description: 'A group of profiles that behave alike.', simpleResolvers: true })
export class SegmentType {
  @Field(() => ID, { description: 'Stable within one version of the model.' })
  readonly id: string;
  @Field(() => String, { description: 'What sets its profiles apart.' })
  readonly name: string;
  @Field(() => Float, { description: 'Share of the profiles that the model was trained on, in [0, 1].' })
  readonly share: number;
  @Field(() => Int, { description: 'Profiles in it when the model was last applied to all of them.' })
  readonly size: number;

  constructor({ id, name, share, size }: SegmentSummary) {
    this.id = id;
    this.name = name;
    this.share = share;
    this.size = size;
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
    this.metrics = Object.entries(model.metrics).map((metric) => new SegmentModelMetricType(metric));
    this.trainedRows = model.trainedRows;
    this.erasedRows = model.erasedRows ?? 0;
    this.retrainAdvised = outlivedItsRows(model);
    this.createdAt = new Date(model.createdAt);
    this.refusal = model.refusal;
  }
}
