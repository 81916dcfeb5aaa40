import type { PlacementId } from '@vitrine/kernel';
import { SMALLEST_SEGMENT } from '@vitrine/profile';
import { wilsonRate, type Rate } from './wilson-rate';

export const PERFORMANCE_GROUPINGS = ['BANNER', 'SEGMENT', 'POLICY_VERSION', 'DEVICE', 'LAYER'] as const;
export type PerformanceGrouping = (typeof PERFORMANCE_GROUPINGS)[number];
export const TIME_BUCKETS = ['MINUTE', 'HOUR', 'DAY'] as const;
export type TimeBucket = (typeof TIME_BUCKETS)[number];

const MINUTE_MS = 60_000;
export const BUCKET_MS: Readonly<Record<TimeBucket, number>> = { MINUTE: MINUTE_MS, HOUR: 60 * MINUTE_MS, DAY: 24 * 60 * MINUTE_MS };

export const COUNTER_NAMES = [
  'trials',
  'activations',
  'impressions',
  'viewableImpressions',
  'clicks',
  'purchases',
  'refunds',
  'dismissals',
  'pageLeaves',
  'bounces',
  'revenueMinor',
  'clickedTrials',
  'convertedTrials',
] as const;
/** Sums over rollup rows; money in minor units of the deployment's currency. */
export type PerformanceCounters = Readonly<Record<(typeof COUNTER_NAMES)[number], number>>;

export interface PerformanceQuery {
  readonly placementId: PlacementId;
  /** Half-open, ms; by the minute of the decision: a minute counts when its start lies inside. */
  readonly from: number;
  readonly to: number;
  readonly groupBy: PerformanceGrouping;
  /** Null: one row per group. Buckets are aligned to UTC. */
  readonly bucket: TimeBucket | null;
}

/** What the store sums up: one group in one bucket. */
export interface GroupCounters {
  /** Null: visitors without a segment. */
  readonly group: string | null;
  /** Start of the bucket, ms; null without buckets. */
  readonly bucketStart: number | null;
  readonly counters: PerformanceCounters;
}

export interface PerformanceMetrics {
  readonly counters: PerformanceCounters;
  /** Trials with a click, per trial. */
  readonly ctr: Rate | null;
  /** Trials with a purchase, per trial. */
  readonly cvr: Rate | null;
  /** Page leaves after less than ten seconds, per click. */
  readonly bounceRate: Rate | null;
  readonly revenuePerTrialMinor: number | null;
}

export interface PerformanceRow extends PerformanceMetrics, Pick<GroupCounters, 'group' | 'bucketStart'> {
  /** Too few trials to conclude anything from: shown, with intervals as wide as that deserves. */
  readonly lowData: boolean;
}

export interface PerformanceReport extends PerformanceQuery {
  /** In order of bucket, then trials (most first), then group. */
  readonly rows: readonly PerformanceRow[];
  /** Over the rows that are shown: what is suppressed cannot be had by subtraction. */
  readonly total: PerformanceMetrics;
  readonly suppressedGroups: number;
}

/** Below this many trials a row is marked `lowData`. */
export const LOW_DATA_TRIALS = 100;

/**
 * @param segmentSizes profiles per segment; a segment that is missing is as good as empty. Read only when grouping by segment
 */
export function buildReport(
  query: PerformanceQuery,
  groups: readonly GroupCounters[],
  segmentSizes: ReadonlyMap<string, number>,
): PerformanceReport {
  const isShown = (group: string | null): boolean =>
    query.groupBy !== 'SEGMENT' || group === null || (segmentSizes.get(group) ?? 0) >= SMALLEST_SEGMENT;
  const shown = groups.filter(({ group }) => isShown(group));
  const hidden = new Set(groups.map(({ group }) => group).filter((group) => !isShown(group)));
  const rows = shown.map((row) => ({ ...row, ...metricsOf(row.counters), lowData: row.counters.trials < LOW_DATA_TRIALS })).sort(inOrder);
  return { ...query, rows, total: metricsOf(sumCounters(shown.map(({ counters }) => counters))), suppressedGroups: hidden.size };
}

export function metricsOf(counters: PerformanceCounters): PerformanceMetrics {
  const { trials, clickedTrials, convertedTrials, clicks, bounces, revenueMinor } = counters;
  return {
    counters,
    ctr: rateOf(clickedTrials, trials),
    cvr: rateOf(convertedTrials, trials),
    bounceRate: rateOf(bounces, clicks),
    revenuePerTrialMinor: trials === 0 ? null : revenueMinor / trials,
  };
}

/** Null also where the parts exceed the whole, as when a page leave arrives and its click never does. */
function rateOf(part: number, whole: number): Rate | null {
  return part > whole ? null : wilsonRate(part, whole);
}

export function sumCounters(all: readonly PerformanceCounters[]): PerformanceCounters {
  const sum = { ...ZERO };
  for (const counters of all) for (const name of COUNTER_NAMES) sum[name] += counters[name];
  return sum;
}

const ZERO = {
  trials: 0,
  activations: 0,
  impressions: 0,
  viewableImpressions: 0,
  clicks: 0,
  purchases: 0,
  refunds: 0,
  dismissals: 0,
  pageLeaves: 0,
  bounces: 0,
  revenueMinor: 0,
  clickedTrials: 0,
  convertedTrials: 0,
};

function inOrder(a: PerformanceRow, b: PerformanceRow): number {
  const byBucket = (a.bucketStart ?? 0) - (b.bucketStart ?? 0);
  const byTrials = b.counters.trials - a.counters.trials;
  return byBucket || byTrials || ((a.group ?? '') < (b.group ?? '') ? -1 : 1);
}
