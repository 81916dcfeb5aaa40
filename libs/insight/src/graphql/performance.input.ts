import { IsDate, IsEnum, IsOptional, Matches } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { PERFORMANCE_GROUPINGS, TIME_BUCKETS, type PerformanceGrouping, type TimeBucket } from '../domain/performance';

export const PerformanceGroupingEnum = Object.fromEntries(PERFORMANCE_GROUPINGS.map((grouping) => [grouping, grouping]));
registerEnumType(PerformanceGroupingEnum, { name: 'PerformanceGrouping' });
export const TimeBucketEnum = Object.fromEntries(TIME_BUCKETS.map((bucket) => [bucket, bucket]));
registerEnumType(TimeBucketEnum, { name: 'TimeBucket', description: 'Aligned to UTC.' });

@InputType()
export class PerformanceInput {
  @Matches(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/)
  @Field(() => ID)
  readonly placementId!: string;

  @IsDate()
  @Field(() => GraphQLDateTime, { description: 'By the time of the decision; included.' })
  readonly from!: Date;

  @IsDate()
  @Field(() => GraphQLDateTime, { description: 'Excluded.' })
  readonly to!: Date;

  @IsEnum(PerformanceGroupingEnum)
  @Field(() => PerformanceGroupingEnum)
  readonly groupBy!: PerformanceGrouping;

  @IsOptional()
  @IsEnum(TimeBucketEnum)
  @Field(() => TimeBucketEnum, { nullable: true, description: 'One row per group and bucket; absent: one row per group.' })
  readonly bucket?: TimeBucket | null;
}
