import { invariant, type Rng } from '@vitrine/kernel';
import { takeRows, type RowMatrix } from '../row-matrix';
import { forEachBlock, type ClusteringSpace } from './clustering-kernel';
import { settle } from './lloyd';
import { seedGreedily } from './seeding';

export interface MiniBatchPlan {
  readonly k: number;
  readonly restarts: number;
  readonly batchRows: number;
  readonly start?: RowMatrix | undefined;
}

/** Rows of the sample, of the parts of it that seedings are taken from and compared on: so many, or more for many clusters. */
const SAMPLE_ROWS = 50_000;
const SEEDING_ROWS = 6_000;
const JUDGE_ROWS = 20_000;
const SAMPLE_ROWS_PER_CLUSTER = 30;
/** Rows after which the mean distance of the latest as many is compared with that of those before. */
const WINDOW_ROWS = 20_000;
/** Windows that each seeding learns before they are compared, and the most that the winner learns. */
const TRIAL_WINDOWS = 2;
const MOST_WINDOWS = 50;
/** Share by which the mean must fall from window to window. */
const LEAST_WINDOW_GAIN = 1e-3;
/** Share of its inertia that a pass over the sample must gain for another to follow. */
const LEAST_PASS_GAIN = 2e-4;
const MOST_SAMPLE_PASSES = 30;

/**
 * Centroids learned from batches of rows that are drawn from a sample: every centroid is the mean of all rows that were ever drawn into its cluster, so it moves
 * less and less. Each seeding learns a little; the one that then lies nearest to a sample goes on until batches stop getting nearer, and
 * settles on the sample: its first, misplaced batches weigh on the means for long.
 *
 * @see Sculley, Web-Scale K-Means Clustering, WWW 2010, algorithm 1
 */
export function learnFromBatches(space: ClusteringSpace, data: RowMatrix, plan: MiniBatchPlan, rng: Rng): RowMatrix {
  const sample = sampleOf(data, plan, rng);
  const lesson = { sample, rng, order: new Int32Array(plan.batchRows) };
  const learned = bestStart(space, data, plan, lesson);
  let before = Number.POSITIVE_INFINITY;
  for (let window = 0; window < MOST_WINDOWS; window++) {
    const inertia = learnWindow(space, learned, lesson);
    if (!(before - inertia >= LEAST_WINDOW_GAIN * inertia)) break;
    before = inertia;
  }
  return settle(space, sample, learned.centroids, { maxIterations: MOST_SAMPLE_PASSES, leastGain: LEAST_PASS_GAIN }).centroids;
}

function bestStart(space: ClusteringSpace, data: RowMatrix, plan: MiniBatchPlan, lesson: Lesson): Learned {
  const judge = someRows(lesson.sample, 0, Math.max(JUDGE_ROWS, SAMPLE_ROWS_PER_CLUSTER * plan.k));
  let best: Learned | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let restart = 0; restart < (plan.start === undefined ? plan.restarts : 1); restart++) {
    const found = beginAt(plan.start ?? seed(space, data, { k: plan.k, restart }, lesson));
    for (let window = 0; window < TRIAL_WINDOWS; window++) learnWindow(space, found, lesson);
    const inertia = inertiaOf(space, judge, found.centroids);
    if (best !== null && inertia >= least) continue;
    best = found;
    least = inertia;
  }
  invariant(best !== null, 'at least one seeding ran');
  return best;
}

interface SeedingTurn {
  readonly k: number;
  readonly restart: number;
}

/** Each from another part of the sample; from all rows where that has too few distinct ones. */
function seed(space: ClusteringSpace, data: RowMatrix, { k, restart }: SeedingTurn, { sample, rng }: Lesson): RowMatrix {
  const rows = Math.max(SEEDING_ROWS, SAMPLE_ROWS_PER_CLUSTER * k);
  const parts = Math.max(1, Math.floor(sample.rows / rows));
  const seeds = seedGreedily(space, someRows(sample, (restart % parts) * rows, rows), { k, rng });
  return seeds.rows === k ? seeds : seedGreedily(space, data, { k, rng });
}

interface Lesson {
  /** Rows that batches are drawn from: few enough to stay in the caches, where rows from all over the data would each be waited for. */
  readonly sample: RowMatrix;
  readonly rng: Rng;
  /** Receives the rows that are drawn for a step. */
  readonly order: Int32Array;
}

const beginAt = (start: RowMatrix): Learned => ({
  centroids: { ...start, values: start.values.slice() },
  counts: new Float64Array(start.rows),
});

/** @returns mean squared distance of the drawn rows, each measured before it was learned from */
function learnWindow(space: ClusteringSpace, learned: Learned, { sample, rng, order }: Lesson): number {
  let inertia = 0;
  let rows = 0;
  for (; rows < WINDOW_ROWS; rows += order.length) {
    for (let i = 0; i < order.length; i++) order[i] = Math.floor(rng() * sample.rows);
    inertia += takeStep(space, sample, order, learned);
  }
  return inertia / rows;
}

export interface Learned {
  readonly centroids: RowMatrix;
  /** Rows that were ever drawn into each cluster. */
  readonly counts: Float64Array;
}

/** Moves the centroids towards the rows of one batch. @returns the batch's sum of squared distances before */
export function takeStep(space: ClusteringSpace, data: RowMatrix, order: Int32Array, { centroids, counts }: Learned): number {
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
function sampleOf(data: RowMatrix, { k }: MiniBatchPlan, rng: Rng): RowMatrix {
  const length = Math.max(SAMPLE_ROWS, SAMPLE_ROWS_PER_CLUSTER * k);
  if (data.rows <= length) return data;
  return takeRows(
    data,
    Int32Array.from({ length }, () => Math.floor(rng() * data.rows)),
  );
}

/** At most so many rows from one on, without copying them. */
function someRows({ rows, columns, values }: RowMatrix, from: number, count: number): RowMatrix {
  const end = Math.min(rows, from + count);
  return { rows: end - from, columns, values: values.subarray(from * columns, end * columns) };
}
