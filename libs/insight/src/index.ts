export { centralT, centralZ, chiSquaredTail } from './domain/distributions';
export { wilsonRate, type Rate } from './domain/wilson-rate';
export { checkSampleRatio, type SampleRatioCheck } from './domain/sample-ratio';
export { pairedDifference, snips, type Estimate, type LoggedRow } from './domain/off-policy-value';
export {
  buildReport,
  PERFORMANCE_GROUPINGS,
  TIME_BUCKETS,
  type GroupCounters,
  type PerformanceCounters,
  type PerformanceGrouping,
  type PerformanceMetrics,
  type PerformanceQuery,
  type PerformanceReport,
  type PerformanceRow,
  type TimeBucket,
} from './domain/performance';
export { ReportPerformance, type ReportPerformanceDeps, type RollupReader, type SegmentSizes } from './application/report-performance';
export { MongoRollupReader, type RollupRow } from './store/mongo-rollup.reader';
export { PerformanceResolver } from './graphql/performance.resolver';
