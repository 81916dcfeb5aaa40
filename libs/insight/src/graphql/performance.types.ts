import { Access } from '@vitrine/platform';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type {
  PerformanceCounters,
  PerformanceGrouping,
  PerformanceMetrics,
  PerformanceReport,
  PerformanceRow,
  TimeBucket,
} from '../domain/performance';
import type { Rate } from '../domain/wilson-rate';
import { PerformanceGroupingEnum, TimeBucketEnum } from './performance.input';

@Access('insight:read')
@ObjectType('RateEstimate', { description: 'A share with its 95 % interval (Wilson), all in [0, 1].', simpleResolvers: true })
export class RateEstimateType {
  @Field(() => Float)
  readonly value: number;
  @Field(() => Float)
  readonly lower: number;
  @Field(() => Float)
  readonly upper: number;

  constructor({ value, lower, upper }: Rate) {
    this.value = value;
    this.lower = lower;
    this.upper = upper;
  }
}

/** Counts are Float in the schema: money and long ranges leave the 32 bits of Int. */
@Access('insight:read')
@ObjectType('PerformanceCounters', { simpleResolvers: true })
export class PerformanceCountersType {
  @Field(() => Float, { description: 'Decisions that were shown, by the proof that the placement asks for.' })
  readonly trials: number;
  @Field(() => Float)
  readonly activations: number;
  @Field(() => Float)
  readonly impressions: number;
  @Field(() => Float)
  readonly viewableImpressions: number;
  @Field(() => Float)
  readonly clicks: number;
  @Field(() => Float)
  readonly purchases: number;
  @Field(() => Float)
  readonly refunds: number;
  @Field(() => Float)
  readonly dismissals: number;
  @Field(() => Float)
  readonly pageLeaves: number;
  @Field(() => Float, { description: 'Page leaves after less than ten seconds.' })
  readonly bounces: number;
  @Field(() => Float, { description: 'Purchases less refunds, in minor units.' })
  readonly revenueMinor: number;
  @Field(() => Float, { description: 'Trials with at least one click.' })
  readonly clickedTrials: number;
  @Field(() => Float, { description: 'Trials with at least one purchase.' })
  readonly convertedTrials: number;

  constructor(counters: PerformanceCounters) {
    this.trials = counters.trials;
    this.activations = counters.activations;
    this.impressions = counters.impressions;
    this.viewableImpressions = counters.viewableImpressions;
    this.clicks = counters.clicks;
    this.purchases = counters.purchases;
    this.refunds = counters.refunds;
    this.dismissals = counters.dismissals;
    this.pageLeaves = counters.pageLeaves;
    this.bounces = counters.bounces;
    this.revenueMinor = counters.revenueMinor;
    this.clickedTrials = counters.clickedTrials;
    this.convertedTrials = counters.convertedTrials;
  }
}

@Access('insight:read')
@ObjectType('PerformanceMetrics', { simpleResolvers: true })
export class PerformanceMetricsType {
  @Field(() => PerformanceCountersType)
  readonly counters: PerformanceCountersType;
  @Field(() => RateEstimateType, { nullable: true, description: 'Trials with a click, per trial.' })
  readonly ctr: RateEstimateType | null;
  @Field(() => RateEstimateType, { nullable: true, description: 'Trials with a purchase, per trial.' })
  readonly cvr: RateEstimateType | null;
  @Field(() => RateEstimateType, { nullable: true, description: 'Bounces per click.' })
  readonly bounceRate: RateEstimateType | null;
  @Field(() => Float, { nullable: true })
  readonly revenuePerTrialMinor: number | null;

  constructor({ counters, ctr, cvr, bounceRate, revenuePerTrialMinor }: PerformanceMetrics) {
    this.counters = new PerformanceCountersType(counters);
    this.ctr = estimateOf(ctr);
    this.cvr = estimateOf(cvr);
    this.bounceRate = estimateOf(bounceRate);
    this.revenuePerTrialMinor = revenuePerTrialMinor;
  }
}

@Access('insight:read')
@ObjectType('PerformanceRow', { simpleResolvers: true })
export class PerformanceRowType {
  @Field(() => ID, { nullable: true, description: 'What the row is grouped by; null for visitors without a segment.' })
  readonly group: string | null;
  @Field(() => GraphQLDateTime, { nullable: true })
  readonly bucketStart: Date | null;
  @Field(() => PerformanceMetricsType)
  readonly metrics: PerformanceMetricsType;
  @Field(() => Boolean, { description: 'Too few trials to conclude anything from.' })
  readonly lowData: boolean;

  constructor(row: PerformanceRow) {
    this.group = row.group;
    this.bucketStart = row.bucketStart === null ? null : new Date(row.bucketStart);
    this.metrics = new PerformanceMetricsType(row);
    this.lowData = row.lowData;
  }
}

@Access('insight:read')
@ObjectType('PerformanceReport', { simpleResolvers: true })
export class PerformanceReportType {
  @Field(() => ID)
  readonly placementId: string;
  @Field(() => GraphQLDateTime)
  readonly from: Date;
  @Field(() => GraphQLDateTime)
  readonly to: Date;
  @Field(() => PerformanceGroupingEnum)
  readonly groupBy: PerformanceGrouping;
  @Field(() => TimeBucketEnum, { nullable: true })
  readonly bucket: TimeBucket | null;
  @Field(() => [PerformanceRowType], { description: 'By bucket, then most trials first.' })
  readonly rows: readonly PerformanceRowType[];
  @Field(() => PerformanceMetricsType, { description: 'Over the rows that are shown.' })
  readonly total: PerformanceMetricsType;
  @Field(() => Int, { description: 'Segments left out because too few people are in them.' })
  readonly suppressedGroups: number;

  constructor(report: PerformanceReport) {
    this.placementId = report.placementId;
    this.from = new Date(report.from);
    this.to = new Date(report.to);
    this.groupBy = report.groupBy;
    this.bucket = report.bucket;
    this.rows = report.rows.map((row) => new PerformanceRowType(row));
    this.total = new PerformanceMetricsType(report.total);
    this.suppressedGroups = report.suppressedGroups;
  }
}

function estimateOf(rate: Rate | null): RateEstimateType | null {
  return rate === null ? null : new RateEstimateType(rate);
}
