import { banditBenchmark } from './bandit.benchmark';
import type { AnyBenchmark } from './benchmark';
import { learnBenchmark } from './learn.benchmark';

/** Every benchmark that `vitrine bench` knows. */
export const BENCHMARKS: readonly AnyBenchmark[] = [banditBenchmark, learnBenchmark];
