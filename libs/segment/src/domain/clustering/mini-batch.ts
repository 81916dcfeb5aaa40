import type { Rng } from '@vitrine/kernel';
import { takeRows, type RowMatrix } from '../row-matrix';
import { forEachBlock, type ClusteringSpace } from './clustering-kernel';
import { seedGreedily } from './seeding';

export interface MiniBatchPlan {
  readonly k: number;
  readonly restarts: number;
  readonly batchRows: number;
  readonly start?: RowMatrix | undefined;
}

/** Rows that each seeding sees, and that the seedings are compared on: so many, or more for many clusters. */
const SAMPLE_ROWS = 20_000;
const SAMPLE_ROWS_PER_CLUSTER = 10;
/** Steps after which the mean over the latest as many is compared with the mean over those before. */
const WINDOW = 20;
const MOST_WINDOWS = 50;
/** Share by which the mean must fall from window to window. */
const LEAST_GAIN = 1e-3;

/**
 * Centroids learned from batches of drawn rows: every centroid is the mean of all rows that were ever drawn into its cluster, so it moves
 * less and less. Each seeding learns until batches stop getting nearer; the one that lies nearest to a sample of its own wins.
 *
 * @see Sculley, Web-Scale K-Means Clustering, WWW 2010, algorithm 1
 */
export function learnFromBatches(space: ClusteringSpace, data: RowMatrix, plan: MiniBatchPlan, rng: Rng): RowMatrix {
  const judge = sampleOf(data, plan.k, rng);
  let best: RowMatrix | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let restart = 0; restart < (plan.start === undefined ? plan.restarts : 1); restart++) {
    const found = learn(space, data, plan.start ?? seed(space, data, plan, rng), { batchRows: plan.batchRows, rng });
    const inertia = inertiaOf(space, judge, found);
    if (best !== null && inertia >= least) continue;
    best = found;
    least = inertia;
  }
  return best ?? seed(space, data, plan, rng);
}

/** From a sample; from all rows where a sample has too few distinct ones. */
function seed(space: ClusteringSpace, data: RowMatrix, { k }: MiniBatchPlan, rng: Rng): RowMatrix {
  const seeds = seedGreedily(space, sampleOf(data, k, rng), { k, rng });
  return seeds.rows === k ? seeds : seedGreedily(space, data, { k, rng });
}

interface Lesson {
  readonly batchRows: number;
  readonly rng: Rng;
}

function learn(space: ClusteringSpace, data: RowMatrix, start: RowMatrix, { batchRows, rng }: Lesson): RowMatrix {
  const centroids = { ...start, values: start.values.slice() };
  const counts = new Float64Array(start.rows);
  const order = new Int32Array(batchRows);
  let before = Number.POSITIVE_INFINITY;
  for (let window = 0; window < MOST_WINDOWS; window++) {
    let inertia = 0;
    for (let step = 0; step < WINDOW; step++) {
      for (let i = 0; i < batchRows; i++) order[i] = Math.floor(rng() * data.rows);
      inertia += takeStep(space, data, order, { centroids, counts });
    }
    if (before - inertia < LEAST_GAIN * inertia) break;
    before = inertia;
  }
  return centroids;
}

interface Learned {
  readonly centroids: RowMatrix;
  /** Rows that were ever drawn into each cluster. */
  readonly counts: Float64Array;
}

/** Moves the centroids towards the rows of one batch. @returns the batch's sum of squared distances before */
function takeStep(space: ClusteringSpace, data: RowMatrix, order: Int32Array, { centroids, counts }: Learned): number {
  let inertia = 0;
  space.setCentroids(centroids);
  space.clearSums();
  for (let from = 0; from < order.length; from += space.blockRows) {
    const rows = order.subarray(from, from + space.blockRows);
    space.gather(data, rows);
    space.assign(rows.length);
    space.accumulate(rows.length);
    for (let i = 0; i < rows.length; i++) inertia += space.nearest[i] ?? 0;
  }
  const { columns, values } = centroids;
  counts.forEach((count, cluster) => {
    const drawn = space.sizes[cluster] ?? 0;
    if (drawn === 0) return;
    counts[cluster] = count + drawn;
    for (let at = cluster * columns; at < (cluster + 1) * columns; at++) {
      values[at] = ((values[at] ?? 0) * count + (space.sums[at] ?? 0)) / (count + drawn);
    }
  });
  return inertia;
}

function inertiaOf(space: ClusteringSpace, data: RowMatrix, centroids: RowMatrix): number {
  let inertia = 0;
  space.setCentroids(centroids);
  forEachBlock(space, data, (_from, count) => {
    space.assign(count);
    for (let i = 0; i < count; i++) inertia += space.nearest[i] ?? 0;
  });
  return inertia;
}

/** Rows drawn with replacement; all of them when they are few. */
function sampleOf(data: RowMatrix, k: number, rng: Rng): RowMatrix {
  const length = Math.max(SAMPLE_ROWS, SAMPLE_ROWS_PER_CLUSTER * k);
  if (data.rows <= length) return data;
  return takeRows(
    data,
    Int32Array.from({ length }, () => Math.floor(rng() * data.rows)),
  );
}
