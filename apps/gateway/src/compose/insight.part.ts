import { MongoRollupReader, PerformanceResolver, ReportPerformance, type SegmentSizes } from '@vitrine/insight';
import type { Connection } from 'mongoose';
import type { Part } from './part';

export function composeInsight({ connection, segments }: { readonly connection: Connection; readonly segments: SegmentSizes }): Part {
  const report = new ReportPerformance({ rollups: new MongoRollupReader(connection), segments });
  return { resolvers: [[PerformanceResolver, new PerformanceResolver(report)]], closers: [] };
}
