import { Access } from '@vitrine/platform';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { DriftCheck } from '../application/training-ports';

@Access('insight:read')
@ObjectType('FeatureDrift', { simpleResolvers: true })
export class FeatureDriftType {
  @Field(() => String)
  readonly name: string;
  @Field(() => Float, {
    description: 'Population stability index against the training rows: below 0.1 unchanged, above 0.25 another population.',
  })
  readonly index: number;

  constructor({ name, index }: DriftCheck['features'][number]) {
    this.name = name;
    this.index = index;
  }
}

@Access('insight:read')
@ObjectType('SegmentDrift', { description: 'The people of now against those that the live model was trained on.', simpleResolvers: true })
export class SegmentDriftType {
  @Field(() => Int)
  readonly modelVersion: number;
  @Field(() => GraphQLDateTime)
  readonly checkedAt: Date;
  @Field(() => Int, { description: 'Profiles that were looked at.' })
  readonly rows: number;
  @Field(() => [FeatureDriftType])
  readonly features: readonly FeatureDriftType[];
  @Field(() => Float, { description: 'Population stability index of the shares of segments.' })
  readonly segments: number;
  @Field(() => Boolean, { description: 'Whether an index was above 0.25: a training was started.' })
  readonly drifted: boolean;

  constructor(check: DriftCheck) {
    this.modelVersion = check.modelVersion;
    this.checkedAt = new Date(check.checkedAt);
    this.rows = check.rows;
    this.features = check.features.map((feature) => new FeatureDriftType(feature));
    this.segments = check.segments;
    this.drifted = check.drifted;
  }
}
