import { invariant, type Rng } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';
import { forEachBlock, GROUP, type ClusteringSpace } from './clustering-kernel';

/** How near all rows are to their nearest centroid, once `row` is one. */
interface Nearness {
  readonly row: number;
  /** Squared distance of every row to the nearest centroid so far. */
  readonly closest: Float64Array;
  readonly total: number;
}

/**
 * Greedy k-means++: each next centroid is, of 2 + ln k rows drawn with probability proportional to their squared distance to the nearest
 * centroid so far, the one that leaves the smallest sum of such distances.
 *
 * @returns at most k rows of the data, all distinct; fewer only when there are no more distinct ones
 * @see Arthur & Vassilvitskii, k-means++: The Advantages of Careful Seeding, SODA 2007, sections 2.2 and 7
 */
export function seedGreedily(space: ClusteringSpace, data: RowMatrix, { k, rng }: { readonly k: number; readonly rng: Rng }): RowMatrix {
  invariant(data.rows > 0 && k >= 1 && k <= space.k, 'seeding needs rows and clusters');
  const trials = 2 + Math.floor(Math.log(k));
  const work = { space, data, spare: new SpareDistances(data.rows) };
  const chosen = [Math.min(data.rows - 1, Math.floor(rng() * data.rows))];
  let near = measureTrials(work, work.spare.take().fill(Number.POSITIVE_INFINITY), chosen);
  while (chosen.length < k && near.total > 0) {
    const { total, closest } = near;
    const candidates = drawAll(
      closest,
      Float64Array.from({ length: trials }, () => rng() * total),
    );
    near = bestOf(work, closest, candidates);
    work.spare.give(closest);
    chosen.push(near.row);
  }
  return rowsOf(data, chosen);
}

interface SeedingWork {
  readonly space: ClusteringSpace;
  readonly data: RowMatrix;
  readonly spare: SpareDistances;
}

/** Distances of all rows, used again: new ones for every trial would be garbage of hundreds of megabytes. */
class SpareDistances {
  private readonly free: Float64Array[] = [];

  constructor(private readonly rows: number) {}

  /** Holding whatever they held before. */
  take(): Float64Array {
    return this.free.pop() ?? new Float64Array(this.rows);
  }

  give(distances: Float64Array): void {
    this.free.push(distances);
  }
}

/** Of the candidate rows the one that leaves the smallest sum of distances, the first of equals. */
function bestOf(work: SeedingWork, closest: Float64Array, candidates: readonly number[]): Nearness {
  let best = measureTrials(work, closest, candidates.slice(0, GROUP));
  for (let from = GROUP; from < candidates.length; from += GROUP) {
    const found = measureTrials(work, closest, candidates.slice(from, from + GROUP));
    const [nearer, farther] = found.total < best.total ? [found, best] : [best, found];
    work.spare.give(farther.closest);
    best = nearer;
  }
  return best;
}

/** `bestOf` for at most four candidates. */
function measureTrials({ space, data, spare }: SeedingWork, closest: Float64Array, candidates: readonly number[]): Nearness {
  const { fours } = space;
  const left = candidates.map(() => spare.take());
  const totals = new Float64Array(candidates.length);
  space.setCentroids(rowsOf(data, candidates));
  forEachBlock(space, data, (from, count) => {
    space.measure(count);
    left.forEach((distances, j) => {
      let total = totals[j] ?? 0;
      for (let i = 0; i < count; i++) {
        const known = closest[from + i] ?? 0;
        const distance = fours[GROUP * i + j] ?? 0;
        const nearer = distance < known ? distance : known;
        distances[from + i] = nearer;
        total += nearer;
      }
      totals[j] = total;
    });
  });
  const best = totals.indexOf(totals.reduce((least, total) => Math.min(least, total)));
  left.forEach((distances, j) => {
    if (j !== best) spare.give(distances);
  });
  return { row: candidates[best] ?? 0, closest: left[best] ?? closest, total: totals[best] ?? 0 };
}

/**
 * For each target the first row whose running sum of weights exceeds it; rounding at the far end falls back to the last row that weighs
 * anything. In ascending order of targets.
 */
function drawAll(weights: Float64Array, targets: Float64Array): readonly number[] {
  const ascending = targets.toSorted();
  const drawn: number[] = [];
  let sum = 0;
  let last = 0;
  for (let row = 0; row < weights.length && drawn.length < ascending.length; row++) {
    const weight = weights[row] ?? 0;
    if (weight === 0) continue;
    last = row;
    sum += weight;
    while (drawn.length < ascending.length && sum > (ascending[drawn.length] ?? 0)) drawn.push(row);
  }
  while (drawn.length < ascending.length) drawn.push(last);
  return drawn;
}

function rowsOf({ columns, values }: RowMatrix, rows: readonly number[]): RowMatrix {
  const taken = new Float64Array(rows.length * columns);
  rows.forEach((row, at) => taken.set(values.subarray(row * columns, (row + 1) * columns), at * columns));
  return { rows: rows.length, columns, values: taken };
}
