import { invariant } from '@vitrine/kernel';
import { squareOf } from './additive';
import { COUNTS } from './counts.family';
import { indexIn, NO_INDEX, storedIndex } from './epoch-index';
import type { AdditiveFamily, Observation } from './statistics-family';
import type { TimedSums } from './timed-sums';

/** Layout of one bucket of the windowed family: which one it is (lengths since the epoch) and what was earned in it. */
export const BUCKET = { index: 0, trials: 1, rewardSum: 2, squareSum: 3, length: 4 } as const;

/** Sums below it, of a bucket from which entries were taken out, are crumbs of rounding. */
const CRUMB = 1e-9;

export interface WindowShape {
  readonly windowMs: number;
  /** How many buckets of equal length the window has, at least 2. */
  readonly buckets: number;
}

/**
 * Trials and rewards by the time of the trial, in a ring of buckets that start at whole multiples of their length since the epoch. A window
 * is a bucket with the `buckets - 1` before it, so it reaches back between `windowMs - windowMs / buckets` and `windowMs`.
 *
 * A bucket has one place in the ring, its index modulo their number; the newest bucket of a place keeps it. What a place holds thus depends
 * on which entries came and not on their order: merging takes the newer bucket of each place, or the sum. An entry older than what its
 * place holds has left every window that reaches the newer bucket, and changes nothing, folded or un-folded. A later reward lies in the
 * bucket of its trial. A bucket from which everything was taken out is as if it had never been; only what it pushed out of its place stays
 * lost, a window's length before it.
 */
export function windowedFamily({ windowMs, buckets }: WindowShape): AdditiveFamily {
  invariant(Number.isInteger(buckets) && buckets >= 2 && windowMs > 0, 'a window has at least two buckets');
  const bucketMs = windowMs / buckets;
  return {
    name: 'windowed',
    version: 1,
    contextual: false,
    length: buckets * BUCKET.length,
    fold(statistics, observation) {
      const index = Math.floor(observation.at / bucketMs);
      const place = placeOf(index, buckets);
      if (index < indexAt(statistics, place)) return;
      if (index > indexAt(statistics, place)) {
        clear(statistics, place);
        statistics[place + BUCKET.index] = storedIndex(index);
      }
      add(statistics, place, { observation, sign: 1 });
    },
    unfold(statistics, observation) {
      const index = Math.floor(observation.at / bucketMs);
      const place = placeOf(index, buckets);
      if (index !== indexAt(statistics, place)) return;
      add(statistics, place, { observation, sign: -1 });
      if (isEmpty(statistics, place)) clear(statistics, place);
    },
    merge: mergeWindowed,
  };
}

function placeOf(index: number, buckets: number): number {
  return (((index % buckets) + buckets) % buckets) * BUCKET.length;
}

function indexAt(statistics: Float64Array, place: number): number {
  return indexIn(statistics[place + BUCKET.index] ?? 0);
}

function clear(statistics: Float64Array, place: number): void {
  for (let i = place; i < place + BUCKET.length; i++) statistics[i] = 0;
}

function isEmpty(statistics: Float64Array, place: number): boolean {
  for (let i = place + BUCKET.trials; i < place + BUCKET.length; i++) if (Math.abs(statistics[i] ?? 0) > CRUMB) return false;
  return true;
}

interface SignedEntry {
  readonly observation: Observation;
  readonly sign: 1 | -1;
}

function add(statistics: Float64Array, place: number, { observation, sign }: SignedEntry): void {
  const { trials, rewardSum, squareSum } = BUCKET;
  if (observation.kind === 'TRIAL') statistics[place + trials] = (statistics[place + trials] ?? 0) + sign;
  statistics[place + rewardSum] = (statistics[place + rewardSum] ?? 0) + sign * observation.reward;
  statistics[place + squareSum] = (statistics[place + squareSum] ?? 0) + sign * squareOf(observation);
}

function mergeWindowed(into: Float64Array, from: Float64Array): void {
  invariant(into.length === from.length, 'merged statistics have one layout');
  for (let place = 0; place < from.length; place += BUCKET.length) {
    const theirs = indexAt(from, place);
    const ours = indexAt(into, place);
    if (theirs < ours || theirs === NO_INDEX) continue;
    if (theirs > ours) clear(into, place);
    into[place + BUCKET.index] = from[place + BUCKET.index] ?? 0;
    for (let i = place + BUCKET.trials; i < place + BUCKET.length; i++) into[i] = (into[i] ?? 0) + (from[i] ?? 0);
  }
}

/** The buckets of one banner that lie in the window of its newest one, oldest first. A step is a bucket; reads the window that ends with it. */
export class WindowedSums implements TimedSums {
  /** Shape [n], ascending. */
  readonly indices: Float64Array;
  /** Shape [n] each. */
  readonly trials: Float64Array;
  readonly rewardSums: Float64Array;
  private readonly squareSums: Float64Array;
  private readonly newest: number;

  /** @param statistics of `windowedFamily(shape)`, or null for none; not kept */
  constructor(
    statistics: Float64Array | null,
    private readonly shape: WindowShape,
  ) {
    const numbers = statistics ?? new Float64Array(0);
    invariant(statistics === null || numbers.length === shape.buckets * BUCKET.length, 'statistics have the layout of the family');
    const places = placesByAge(numbers, shape.buckets);
    const column = (offset: number): Float64Array => Float64Array.from(places, (place) => numbers[place + offset] ?? 0);
    this.indices = Float64Array.from(places, (place) => indexAt(numbers, place));
    this.trials = column(BUCKET.trials);
    this.rewardSums = column(BUCKET.rewardSum);
    this.squareSums = column(BUCKET.squareSum);
    this.newest = this.indices[this.indices.length - 1] ?? NO_INDEX;
  }

  stepAt(at: number): number {
    return Math.max(Math.floor(at / this.bucketMs), this.newest);
  }

  read(step: number, counts: Float64Array): void {
    this.readFrom(this.oldestOf(step), counts);
  }

  /** Index of the oldest bucket in the window that ends with a step. */
  oldestOf(step: number): number {
    return step - this.shape.buckets + 1;
  }

  /** Sums over the buckets from an index on. */
  readFrom(oldest: number, counts: Float64Array): void {
    counts.fill(0);
    for (let i = this.indices.length - 1; i >= 0 && (this.indices[i] ?? 0) >= oldest; i--) {
      counts[COUNTS.trials] = (counts[COUNTS.trials] ?? 0) + (this.trials[i] ?? 0);
      counts[COUNTS.rewardSum] = (counts[COUNTS.rewardSum] ?? 0) + (this.rewardSums[i] ?? 0);
      counts[COUNTS.squareSum] = (counts[COUNTS.squareSum] ?? 0) + (this.squareSums[i] ?? 0);
    }
  }

  /** When a bucket begins, ms since the epoch. */
  startOf(index: number): number {
    return index * this.bucketMs;
  }

  private get bucketMs(): number {
    return this.shape.windowMs / this.shape.buckets;
  }
}

function placesByAge(statistics: Float64Array, buckets: number): readonly number[] {
  const places: number[] = [];
  let newest = NO_INDEX;
  for (let place = 0; place < statistics.length; place += BUCKET.length) {
    if (indexAt(statistics, place) === NO_INDEX) continue;
    places.push(place);
    newest = Math.max(newest, indexAt(statistics, place));
  }
  return places
    .filter((place) => indexAt(statistics, place) > newest - buckets)
    .sort((a, b) => indexAt(statistics, a) - indexAt(statistics, b));
}
