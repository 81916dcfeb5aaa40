import type { Connection } from 'mongoose';
import type { RollupReader } from '../application/report-performance';
import {
  COUNTER_NAMES,
  type GroupCounters,
  type PerformanceCounters,
  type PerformanceGrouping,
  type PerformanceQuery,
  type TimeBucket,
} from '../domain/performance';

/** What this library reads of a rollup row; feedback writes it. */
export interface RollupRow extends Partial<PerformanceCounters> {
  readonly _id: string;
  /** Start of the minute of the decision. */
  readonly minute: Date;
  readonly placementId: string;
  readonly bannerId: string;
  readonly policyVersionId: string;
  readonly layer: string;
  readonly segmentId: string | null;
  readonly device: string;
  readonly partition: number;
}

const GROUP_FIELDS = {
  BANNER: 'bannerId',
  SEGMENT: 'segmentId',
  POLICY_VERSION: 'policyVersionId',
  DEVICE: 'device',
  LAYER: 'layer',
} as const satisfies Record<PerformanceGrouping, keyof RollupRow>;

const UNITS = { MINUTE: 'minute', HOUR: 'hour', DAY: 'day' } as const satisfies Record<TimeBucket, string>;

interface SummedRow extends PerformanceCounters {
  readonly _id: { readonly group: string | null; readonly bucket: Date | null };
}

const SUMS = Object.fromEntries(COUNTER_NAMES.map((name) => [name, { $sum: `$${name}` }]));

/** Sums in the database, over all partitions: what leaves it is one row per group and bucket. */
export class MongoRollupReader implements RollupReader {
  constructor(private readonly connection: Connection) {}

  async sum({ placementId, from, to, groupBy, bucket }: PerformanceQuery): Promise<readonly GroupCounters[]> {
    const bucketStart = bucket === null ? null : { $dateTrunc: { date: '$minute', unit: UNITS[bucket] } }; // in UTC
    const summed = await this.connection
      .collection<RollupRow>('rollups')
      .aggregate<SummedRow>([
        { $match: { placementId, minute: { $gte: new Date(from), $lt: new Date(to) } } },
        { $group: { _id: { group: { $ifNull: [`$${GROUP_FIELDS[groupBy]}`, null] }, bucket: bucketStart }, ...SUMS } },
      ])
      .toArray();
    return summed.map(({ _id, ...counters }) => ({ group: _id.group, bucketStart: _id.bucket?.getTime() ?? null, counters }));
  }
}
