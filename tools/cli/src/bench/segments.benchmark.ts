import { benchClustering, clusteringLines } from '@vitrine/bench';
import type { CliContext } from '../cli-context';
import { parseSeed, wholeNumber } from '../policy-options';
import { benchmark, type BenchmarkResult } from './benchmark';

interface SegmentsOptions {
  readonly rows: number;
  readonly restarts: number;
  readonly repeats: number;
  readonly seed: number;
}

const COLUMNS = 32;
const CLUSTERS = 20;
/** As many as the reference needs to begin; and a file of 2.5 GB. */
const [FEWEST_ROWS, MOST_ROWS] = [100, 10_000_000];

/** Our k-means against scikit-learn's MiniBatchKMeans on the same rows, one after the other in the same run. */
export const segmentsBenchmark = benchmark<SegmentsOptions>({
  name: 'segments',
  description: `seconds, inertia and memory of k-means on ${COLUMNS} columns, against scikit-learn's MiniBatchKMeans in the same run; needs Python 3 and, once, the network`,
  options: (command) =>
    command
      .option('--rows <n>', 'profiles to cluster', wholeNumber(FEWEST_ROWS, MOST_ROWS), 1_000_000)
      .option('--restarts <n>', 'seedings that ours tries', wholeNumber(1, 100), 3)
      .option('--repeats <n>', 'how often each side clusters; medians are compared', wholeNumber(1, 100), 5)
      .option('--seed <n>', 'of the rows and of the first repeat', parseSeed, 0),
  run: runSegments,
});

async function runSegments(context: CliContext, { rows, restarts, repeats, seed }: SegmentsOptions): Promise<BenchmarkResult> {
  const request = { rows, columns: COLUMNS, k: CLUSTERS, restarts, repeats, seed };
  const comparison = await benchClustering(request, context);
  return { value: { ...request, ...comparison }, lines: clusteringLines(comparison) };
}
