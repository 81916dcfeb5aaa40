import fc from 'fast-check';
import { aReward, aTrial, foldAll } from '../fixtures';
import { COUNTS } from './counts.family';
import { DISCOUNTED, discountedFamily, DiscountedSums } from './discounted.family';
import type { AdditiveFamily, Observation } from './statistics-family';
import type { TimedSums } from './timed-sums';
import { BUCKET, windowedFamily, WindowedSums } from './windowed.family';

const HALF_LIFE = 1000;
const WINDOW = { windowMs: 3500, buckets: 7 };
const BUCKET_MS = WINDOW.windowMs / WINDOW.buckets;

interface Forgetting {
  readonly name: string;
  readonly family: AdditiveFamily;
  readonly sums: (statistics: Float64Array | null) => TimedSums;
  /** Share with which a trial counts at a time no earlier than it. */
  readonly weight: (trialAt: number, at: number) => number;
}

const FAMILIES: readonly Forgetting[] = [
  {
    name: 'discounted',
    family: discountedFamily(HALF_LIFE),
    sums: (statistics) => new DiscountedSums(statistics, HALF_LIFE),
    weight: (trialAt, at) => 2 ** ((trialAt - (Math.floor((at * 64) / HALF_LIFE) * HALF_LIFE) / 64) / HALF_LIFE),
  },
  {
    name: 'windowed',
    family: windowedFamily(WINDOW),
    sums: (statistics) => new WindowedSums(statistics, WINDOW),
    weight: (trialAt, at) => (Math.floor(trialAt / BUCKET_MS) > Math.floor(at / BUCKET_MS) - WINDOW.buckets ? 1 : 0),
  },
];

const amount = fc.double({ min: -10, max: 10, noNaN: true });
// A few buckets of one another or hundreds of half-lives apart, before and after the epoch.
const at = fc.oneof(fc.integer({ min: -6000, max: 6000 }), fc.integer({ min: -400_000, max: 400_000 }));
const entry = fc.record({ kind: fc.constantFrom('TRIAL' as const, 'REWARD' as const), reward: amount, before: amount, at }).map(aTrial);
const entries = fc.array(entry, { maxLength: 30 });
const delay = fc.integer({ min: 0, max: 5000 });

const latestOf = (list: readonly Observation[]): number => list.reduce((latest, observation) => Math.max(latest, observation.at), -400_000);

function readAt(sums: TimedSums, time: number): Float64Array {
  const counts = new Float64Array(COUNTS.length).fill(Number.NaN);
  sums.read(sums.stepAt(time), counts);
  return counts;
}

/** The sums by their definition. */
function naiveSums(list: readonly Observation[], weight: (trialAt: number) => number): Float64Array {
  const counts = new Float64Array(COUNTS.length);
  for (const { kind, reward, before, at: trialAt } of list) {
    const share = weight(trialAt);
    const square = kind === 'TRIAL' ? reward ** 2 : (before + reward) ** 2 - before ** 2;
    counts[COUNTS.trials] = (counts[COUNTS.trials] ?? 0) + (kind === 'TRIAL' ? share : 0);
    counts[COUNTS.rewardSum] = (counts[COUNTS.rewardSum] ?? 0) + share * reward;
    counts[COUNTS.squareSum] = (counts[COUNTS.squareSum] ?? 0) + share * square;
  }
  return counts;
}

const farthest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), a.length === b.length ? 0 : Infinity);

describe.each(FAMILIES)('the family $name', ({ family, sums, weight }) => {
  it('reads what its definition says, whatever the order of arrival', () => {
    fc.assert(
      fc.property(entries, delay, (list, later) => {
        const time = latestOf(list) + later;
        const read = readAt(sums(foldAll(family, list)), time);
        expect(
          farthest(
            read,
            naiveSums(list, (trialAt) => weight(trialAt, time)),
          ),
        ).toBeLessThan(1e-9);
      }),
    );
  });

  it('ends with the same numbers in any order', () => {
    fc.assert(
      fc.property(entries, (list) => {
        expect(farthest(foldAll(family, list.toReversed()), foldAll(family, list))).toBeLessThan(1e-9);
      }),
    );
  });

  it('merges two folds into the fold of both', () => {
    fc.assert(
      fc.property(entries, entries, (left, right) => {
        const merged = foldAll(family, left);
        family.merge(merged, foldAll(family, right));
        expect(farthest(merged, foldAll(family, [...left, ...right]))).toBeLessThan(1e-9);
      }),
    );
  });

  it('reads the same without an entry that was taken out as if it had never come, to 1e-9', () => {
    fc.assert(
      fc.property(entries, entries, delay, (kept, removed, later) => {
        const statistics = foldAll(family, [...removed, ...kept]);
        for (const observation of removed) family.unfold(statistics, observation);
        const time = latestOf([...kept, ...removed]) + later;
        expect(farthest(readAt(sums(statistics), time), readAt(sums(foldAll(family, kept)), time))).toBeLessThan(1e-9);
      }),
    );
  });

  it('counts a trial with a later difference like a trial with the whole reward', () => {
    fc.assert(
      fc.property(at, fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), (time, initial, delta) => {
        const late = foldAll(family, [aTrial({ at: time, reward: initial }), aReward({ at: time, reward: delta, before: initial })]);
        expect(farthest(late, foldAll(family, [aTrial({ at: time, reward: initial + delta })]))).toBeLessThan(1e-9);
      }),
    );
  });

  it('reads nothing from no statistics and from zeros, and takes a time before its entries for theirs', () => {
    expect([...readAt(sums(null), 12345)]).toEqual([0, 0, 0]);
    expect([...readAt(sums(new Float64Array(family.length)), 12345)]).toEqual([0, 0, 0]);
    const statistics = foldAll(family, [aTrial({ at: 7000, reward: 3 })]);
    expect([...readAt(sums(statistics), -1e12)]).toEqual([1, 3, 9]);
  });

  it('must agree in layout before it merges or reads', () => {
    expect(() => family.merge(new Float64Array(2), new Float64Array(3))).toThrow('one layout');
    expect(() => sums(new Float64Array(family.length + 1))).toThrow('layout of the family');
  });
});

describe('the discounted family', () => {
  const family = discountedFamily(HALF_LIFE);

  it('weighs by powers of two of the age in half-lives, from the half-life of the newest trial', () => {
    const statistics = foldAll(family, [aTrial({ at: 5500, reward: 4 }), aTrial({ at: 2000, reward: 8 })]);
    expect(statistics).toHaveLength(DISCOUNTED.length);
    const weight = Math.SQRT2;
    expect([...statistics]).toEqual([6, weight + 1 / 8, 4 * weight + 1, expect.closeTo(16 * weight + 8, 12)]); // landmark 5, stored as 6
  });

  it('moves its landmark without rounding', () => {
    const one = foldAll(family, [aTrial({ at: 333, reward: 0.1 })]);
    const moved = foldAll(family, [aTrial({ at: 333, reward: 0.1 })]);
    family.merge(moved, foldAll(family, [aReward({ at: 60_000, reward: 0 })]));
    expect((moved[DISCOUNTED.rewardSum] ?? 0) * 2 ** 60).toBe(one[DISCOUNTED.rewardSum]);
  });

  it('lets a trial of long ago underflow harmlessly, whichever comes first', () => {
    const [old, fresh] = [aTrial({ at: -5_000_000, reward: 1 }), aTrial({ at: 1000, reward: 0.5 })];
    for (const list of [
      [old, fresh],
      [fresh, old],
    ]) {
      expect([...readAt(new DiscountedSums(foldAll(family, list), HALF_LIFE), 1000)]).toEqual([1, 0.5, 0.25]);
    }
  });

  it('fades to nothing', () => {
    const sums = new DiscountedSums(foldAll(family, [aTrial({ at: 0, reward: 1 })]), HALF_LIFE);
    expect([...readAt(sums, 3000)]).toEqual([1 / 8, 1 / 8, 1 / 8]);
    expect([...readAt(sums, 1e13)]).toEqual([0, 0, 0]);
  });

  it('refuses a half-life that is no whole number of milliseconds', () => {
    expect(() => discountedFamily(0.5)).toThrow('whole number');
  });
});

describe('the windowed family', () => {
  const family = windowedFamily(WINDOW);

  it('keeps a bucket at its index modulo their number', () => {
    const statistics = foldAll(family, [
      aTrial({ at: 500 * 9, reward: 2 }),
      aTrial({ at: 500 * 9 + 499, reward: 1 }),
      aTrial({ at: -1, reward: 4 }),
    ]);
    expect(statistics).toHaveLength(BUCKET.length * WINDOW.buckets);
    expect([...statistics.subarray(2 * BUCKET.length, 3 * BUCKET.length)]).toEqual([10, 2, 3, 5]); // bucket 9, stored as 10
    expect([...statistics.subarray(6 * BUCKET.length)]).toEqual([-1, 1, 4, 16]);
  });

  it('is all zeros again when the only entries were taken out', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const statistics = foldAll(family, list);
        for (const observation of list) family.unfold(statistics, observation);
        expect(statistics.every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it('ignores what is older than the bucket at its place, in and out', () => {
    const statistics = foldAll(family, [aTrial({ at: 500 * 9, reward: 2 })]);
    const before = statistics.slice();
    const late = aTrial({ at: 500 * 2, reward: 7 });
    family.fold(statistics, late);
    family.unfold(statistics, late);
    expect(statistics).toEqual(before);
  });

  it('lets a trial leave with its bucket', () => {
    const sums = new WindowedSums(foldAll(family, [aTrial({ at: 999, reward: 1 })]), WINDOW);
    expect([...readAt(sums, 3999 + 0.5)]).toEqual([1, 1, 1]); // bucket 7: its window starts with bucket 1
    expect([...readAt(sums, 4000)]).toEqual([0, 0, 0]);
  });

  it('refuses a window of one bucket', () => {
    expect(() => windowedFamily({ windowMs: 1000, buckets: 1 })).toThrow('two buckets');
  });
});
