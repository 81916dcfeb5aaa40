import { banditBenchmark } from './bandit.benchmark';
import type { AnyBenchmark } from './benchmark';
import { learnBenchmark } from './learn.benchmark';
import { pipelineBenchmark } from './pipeline.benchmark';
import { profileBenchmark } from './profile.benchmark';
import { segmentsBenchmark } from './segments.benchmark';

/** Every benchmark that `vitrine bench` knows. */
export const BENCHMARKS: readonly AnyBenchmark[] = [
  banditBenchmark,
  learnBenchmark,
  pipelineBenchmark,
  profileBenchmark,
  segmentsBenchmark,
];
