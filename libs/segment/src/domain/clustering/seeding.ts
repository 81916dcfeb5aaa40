import { invariant, type Rng } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';
import { forEachBlock, GROUP, type ClusteringSpace } from './clustering-kernel';

interface Nearness {
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
  const closest = new Float64Array(data.rows).fill(Number.POSITIVE_INFINITY);
  const chosen = [Math.min(data.rows - 1, Math.floor(rng() * data.rows))];
  let total = approach(space, data, closest, chosen[0] ?? 0);
  while (chosen.length < k && total > 0) {
    const targets = Float64Array.from({ length: trials }, () => rng() * total);
    const best = bestOf(space, data, { closest, total }, drawAll(closest, targets));
    total = approach(space, data, closest, best);
    chosen.push(best);
  }
  return rowsOf(data, chosen);
}

/** Of the candidates the one that leaves the smallest sum of distances; the first of equals. */
function bestOf(space: ClusteringSpace, data: RowMatrix, { closest }: Nearness, candidates: readonly number[]): number {
  let best = candidates[0] ?? 0;
  let least = Number.POSITIVE_INFINITY;
  for (let from = 0; from < candidates.length; from += GROUP) {
    const group = candidates.slice(from, from + GROUP);
    potentials(space, data, closest, group).forEach((potential, at) => {
      if (potential >= least) return;
      least = potential;
      best = group[at] ?? best;
    });
  }
  return best;
}

/** What the sum of the distances would be with each of at most four candidates. */
function potentials(space: ClusteringSpace, data: RowMatrix, closest: Float64Array, candidates: readonly number[]): readonly number[] {
  const { fours } = space;
  space.setCentroids(rowsOf(data, candidates));
  const sums = new Float64Array(GROUP);
  forEachBlock(space, data, (from, count) => {
    space.measure(count);
    for (let i = 0; i < count; i++) {
      const known = closest[from + i] ?? 0;
      for (let j = 0; j < GROUP; j++) sums[j] = (sums[j] ?? 0) + Math.min(known, fours[GROUP * i + j] ?? 0);
    }
  });
  return [...sums.subarray(0, candidates.length)];
}

/** Lowers each row's distance to the nearest centroid by one more, the row `centroid`. @returns their sum */
function approach(space: ClusteringSpace, data: RowMatrix, closest: Float64Array, centroid: number): number {
  const { fours } = space;
  let total = 0;
  space.setCentroids(rowsOf(data, [centroid]));
  forEachBlock(space, data, (from, count) => {
    space.measure(count);
    for (let i = 0; i < count; i++) {
      const distance = Math.min(closest[from + i] ?? 0, fours[GROUP * i] ?? 0);
      closest[from + i] = distance;
      total += distance;
    }
  });
  return total;
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
