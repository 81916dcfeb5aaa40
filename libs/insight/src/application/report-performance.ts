import { DomainError } from '@vitrine/kernel';
import { BUCKET_MS, buildReport, type GroupCounters, type PerformanceQuery, type PerformanceReport } from '../domain/performance';

export interface RollupReader {
  /** Sums per group and bucket, over all partitions. Groups without any row are absent. */
  sum(query: PerformanceQuery): Promise<readonly GroupCounters[]>;
}

export interface SegmentSizes {
  /** Profiles per segment id. */
  sizes(): Promise<ReadonlyMap<string, number>>;
}

export interface ReportPerformanceDeps {
  readonly rollups: RollupReader;
  readonly segments: SegmentSizes;
}

const MAX_BUCKETS = 1_500;
const MAX_RANGE_MS = 400 * BUCKET_MS.DAY;
const NOBODY: ReadonlyMap<string, number> = new Map();

/** Performance of one placement, group by group. */
export class ReportPerformance {
  constructor(private readonly deps: ReportPerformanceDeps) {}

  /** @throws DomainError BAD_USER_INPUT for an empty or reversed range, OPERATION_LIMIT for one that is too long */
  async execute(query: PerformanceQuery): Promise<PerformanceReport> {
    demandRange(query);
    const [groups, sizes] = await Promise.all([
      this.deps.rollups.sum(query),
      query.groupBy === 'SEGMENT' ? this.deps.segments.sizes() : Promise.resolve(NOBODY),
    ]);
    return buildReport(query, groups, sizes);
  }
}

function demandRange({ from, to, bucket }: PerformanceQuery): void {
  if (!(from < to)) throw new DomainError('BAD_USER_INPUT', 'from must lie before to', { details: { field: 'from' } });
  if (to - from > MAX_RANGE_MS) throw new DomainError('OPERATION_LIMIT', 'a report spans at most 400 days', { details: { field: 'to' } });
  if (bucket !== null && (to - from) / BUCKET_MS[bucket] > MAX_BUCKETS) {
    throw new DomainError('OPERATION_LIMIT', `a report has at most ${MAX_BUCKETS} buckets`, { details: { field: 'bucket' } });
  }
}
