import { invariant, type Rng } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';
import { ClusteringSpace } from './clustering-kernel';
import { assignAll, runLloyd, settle, type LloydRun } from './lloyd';
import { learnFromBatches } from './mini-batch';
import type { RowClustering, RowClusteringOptions, RowLabels } from './row-clustering';
import { seedGreedily } from './seeding';

/** AUTO draws batches from here on: with fewer rows exact passes take no longer. */
const MANY_ROWS = 100_000;
const USUAL_TOLERANCE = 1e-4;
const USUAL_BATCH_ROWS = 1_024;
/** After batches a pass over all rows must gain this share of the inertia for another to follow. */
const LEAST_GAIN = 1e-3;

/**
 * k-means in float64, in one thread and without a break: seeds greedily by k-means++, then passes over all rows until they settle (LLOYD), or
 * learns from batches of drawn rows first and passes over all rows while that still gains something (MINI_BATCH). The same rows, options and
 * generator give the same clustering, bit for bit, on any machine. Beside the rows it needs 12 bytes a row (up to 70 while it seeds from all
 * rows) and a block of a quarter of a MiB.
 *
 * @param data finite numbers, at least one row
 * @throws InvariantViolation on options that make no sense or rows that hold anything but finite numbers
 */
export function clusterRows(data: RowMatrix, options: RowClusteringOptions, rng: Rng): RowClustering {
  const { k, algorithm = 'AUTO' } = options;
  checkOptions(data, options);
  const space = new ClusteringSpace(data.columns, k);
  const many = algorithm === 'AUTO' ? data.rows >= MANY_ROWS : algorithm === 'MINI_BATCH';
  return withoutEmpty(many ? clusterMany(space, data, options, rng) : clusterExactly(space, data, options, rng));
}

/** Nearest of the given centroids for every row, by the very rule of `clusterRows`. @throws InvariantViolation on what are no finite numbers */
export function labelRows(data: RowMatrix, centroids: RowMatrix): RowLabels {
  invariant(centroids.rows >= 1 && centroids.columns === data.columns, 'rows are measured against centroids of the same columns');
  const labels = new Int32Array(data.rows);
  const space = new ClusteringSpace(data.columns, centroids.rows);
  const { inertia } = assignAll(space, data, centroids, { labels });
  return { labels, sizes: space.sizes.slice(), inertia };
}

/** Rows to start from, drawn by greedy k-means++: at most k, all distinct. */
export function seedRows(data: RowMatrix, k: number, rng: Rng): RowMatrix {
  checkOptions(data, { k, restarts: 1, maxIterations: 1 });
  return seedGreedily(new ClusteringSpace(data.columns, k), data, { k, rng });
}

function checkOptions(data: RowMatrix, { k, restarts, maxIterations, start, batchRows = 1, tolerance = 0 }: RowClusteringOptions): void {
  const counts = { rows: data.rows, columns: data.columns, k, restarts, maxIterations, batchRows };
  for (const [name, count] of Object.entries(counts)) {
    invariant(Number.isSafeInteger(count) && count >= 1, `k-means: ${name} is a whole number of at least 1`);
  }
  invariant(data.values.length === data.rows * data.columns, 'k-means: a matrix holds all its rows');
  invariant(tolerance >= 0, 'k-means: tolerance is not negative');
  invariant(start === undefined || (start.rows === k && start.columns === data.columns), 'k-means: a start is k rows of the same columns');
}

function clusterMany(space: ClusteringSpace, data: RowMatrix, options: RowClusteringOptions, rng: Rng): LloydRun {
  const { k, restarts, start, batchRows = USUAL_BATCH_ROWS, maxIterations } = options;
  const learned = learnFromBatches(space, data, { k, restarts, batchRows, start }, rng);
  return settle(space, data, learned, { maxIterations, leastGain: LEAST_GAIN });
}

function clusterExactly(space: ClusteringSpace, data: RowMatrix, options: RowClusteringOptions, rng: Rng): LloydRun {
  const { k, restarts, start, maxIterations, tolerance = USUAL_TOLERANCE } = options;
  const rules = { maxIterations, settledShift: tolerance === 0 ? 0 : tolerance * meanVariance(data) };
  let best: LloydRun | null = null;
  for (let restart = 0; restart < (start === undefined ? restarts : 1); restart++) {
    const found = runLloyd(space, data, start ?? seedGreedily(space, data, { k, rng }), rules);
    if (best === null || found.inertia < best.inertia) best = found;
  }
  invariant(best !== null, 'at least one seeding ran');
  return best;
}

/** Mean over columns of the variance of their values. */
function meanVariance({ rows, columns, values }: RowMatrix): number {
  const means = new Float64Array(columns);
  for (let at = 0, c = 0; at < values.length; at++, c = c + 1 === columns ? 0 : c + 1) means[c] = (means[c] ?? 0) + (values[at] ?? 0);
  for (let c = 0; c < columns; c++) means[c] = (means[c] ?? 0) / rows;
  let squares = 0;
  for (let at = 0, c = 0; at < values.length; at++, c = c + 1 === columns ? 0 : c + 1)
    squares += ((values[at] ?? 0) - (means[c] ?? 0)) ** 2;
  return squares / values.length;
}

/** Leaves out clusters that ended with no row, which only happens with a start that has more rows than there are distinct ones. */
function withoutEmpty({ centroids, labels, sizes, inertia, iterations }: LloydRun): RowClustering {
  const { rows: k, columns, values } = centroids;
  const kept = [...sizes.keys()].filter((cluster) => sizes[cluster] !== 0);
  if (kept.length === k) return { centroids, labels, sizes, inertia, iterations };
  const place = new Int32Array(k);
  const left = new Float64Array(kept.length * columns);
  kept.forEach((cluster, at) => {
    place[cluster] = at;
    left.set(values.subarray(cluster * columns, (cluster + 1) * columns), at * columns);
  });
  return {
    centroids: { rows: kept.length, columns, values: left },
    labels: labels.map((label) => place[label] ?? 0),
    sizes: sizes.filter((size) => size !== 0),
    inertia,
    iterations,
  };
}
