import { bannerId, SHARED_STATE, type BannerId } from '@vitrine/kernel';
import fc from 'fast-check';
import { aTrial, foldAll } from '../fixtures';
import { countsFamily } from './counts.family';
import { discountedFamily } from './discounted.family';
import { linearFamily } from './linear.family';
import { noneFamily } from './none.family';
import { firstHalf, pairFamily, secondHalf } from './pair.family';
import { ProjectedStatistics } from './projected-statistics';
import { isMergeable, isUnfoldable, type SharedFamily, type StatisticsFamily } from './statistics-family';

const amount = fc.double({ min: -10, max: 10, noNaN: true });
const context = fc
  .array(fc.integer({ min: -127, max: 127 }), { minLength: 3, maxLength: 3 })
  .map((steps) => Float64Array.from(steps, (step) => step / 32));
const entry = fc
  .record({
    kind: fc.constantFrom('TRIAL' as const, 'REWARD' as const),
    context,
    reward: amount,
    before: amount,
    at: fc.integer({ min: 0, max: 20_000 }),
  })
  .map(aTrial);
const entries = fc.array(entry, { maxLength: 20 });

const farthest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), a.length === b.length ? 0 : Infinity);

const PARTS = [
  [countsFamily, linearFamily(3)],
  [linearFamily(3), countsFamily],
  [noneFamily, countsFamily],
  [pairFamily(countsFamily, linearFamily(3)), discountedFamily(1000)],
] as const;

describe.each(PARTS.map(([first, second]) => ({ first, second, pair: pairFamily(first, second) })))(
  'the pair $pair.name',
  ({ first, second, pair }) => {
    it('folds each half as its family does', () => {
      fc.assert(
        fc.property(entries, (list) => {
          const statistics = foldAll(pair, list);
          expect(statistics).toHaveLength(first.length + second.length);
          expect(firstHalf(first, statistics)).toEqual(foldAll(first, list));
          expect(secondHalf(first, statistics)).toEqual(foldAll(second, list));
        }),
      );
    });

    it('merges and takes out what its halves merge and take out', () => {
      fc.assert(
        fc.property(entries, entries, (left, right) => {
          const both = foldAll(pair, [...left, ...right]);
          const merged = foldAll(pair, left);
          pair.merge(merged, foldAll(pair, right));
          expect(farthest(merged, both)).toBeLessThan(1e-9);
          const [ours, theirs] = [foldAll(first, [...left, ...right]), foldAll(second, [...left, ...right])];
          for (const observation of right) {
            pair.unfold(both, observation);
            first.unfold(ours, observation);
            second.unfold(theirs, observation);
          }
          expect(both).toEqual(Float64Array.of(...ours, ...theirs));
        }),
      );
    });
  },
);

describe('pairFamily', () => {
  const plain = { name: 'plain', version: 3, contextual: true, length: 2, fold: () => undefined } satisfies StatisticsFamily;

  it('can do only what both can', () => {
    expect([isMergeable, isUnfoldable].map((can) => can(pairFamily(countsFamily, countsFamily)))).toEqual([true, true]);
    expect([isMergeable, isUnfoldable].map((can) => can(pairFamily(countsFamily, plain)))).toEqual([false, false]);
    const mergeOnly = { ...plain, merge: () => undefined };
    expect([isMergeable, isUnfoldable].map((can) => can(pairFamily(mergeOnly, countsFamily)))).toEqual([true, false]);
  });

  it('tells layouts apart by name, versions and context', () => {
    expect(pairFamily(countsFamily, plain)).toMatchObject({ name: 'counts+plain', contextual: true, length: 5 });
    const next = { ...plain, version: plain.version + 1 };
    const versions = [pairFamily(plain, plain), pairFamily(next, plain), pairFamily(plain, next)].map(({ version }) => version);
    expect(new Set(versions).size).toBe(3);
    expect(pairFamily(countsFamily, noneFamily).contextual).toBe(false);
  });

  it('refuses to merge another layout', () => {
    expect(() => pairFamily(countsFamily, countsFamily).merge(new Float64Array(6), new Float64Array(5))).toThrow('one layout');
  });
});

describe('shared numbers of a pair', () => {
  /** Adds up what it sees of the banners, to show that it sees its own numbers only. */
  const summing = (length: number): SharedFamily => ({
    length,
    fold(shared, arms, { bannerId: id }) {
      shared[0] = (shared[0] ?? 0) + Array.from(arms.values()).reduce((sum, numbers) => sum + numbers.reduce((a, b) => a + b, 0), 0);
      shared[1] = arms.get(id)?.length ?? Number.NaN;
    },
  });
  const first = {
    name: 'a',
    version: 1,
    contextual: false,
    length: 1,
    fold: () => undefined,
    shared: summing(2),
  } satisfies StatisticsFamily;
  const second = { ...first, name: 'b', length: 2, shared: summing(3) } satisfies StatisticsFamily;
  const arms = new Map<BannerId, Float64Array>([
    [SHARED_STATE, Float64Array.of(1e6, 1e6, 1e6)],
    [bannerId('x'), Float64Array.of(1, 10, 20)],
    [bannerId('y'), Float64Array.of(2, 30, 40)],
  ]);
  const sharedAfter = (family: StatisticsFamily, seen = arms): number[] => {
    const shared = new Float64Array(family.shared?.length ?? 0);
    family.shared?.fold(shared, seen, { ...aTrial(), bannerId: bannerId('x') });
    return [...shared];
  };

  it('lie side by side, each family seeing its own half of every banner', () => {
    expect(sharedAfter(pairFamily(first, second))).toEqual([3, 1, 100, 2, 0]);
  });

  it('pass through beside a family that has none', () => {
    const halves = new Map(Array.from(arms, ([id, numbers]) => [id, Float64Array.of(5, 5, 5, ...numbers.subarray(1))]));
    expect(sharedAfter(pairFamily(countsFamily, second), halves)).toEqual([100, 2, 0]);
    expect(sharedAfter(pairFamily(first, countsFamily))).toEqual([3, 1]);
    expect(pairFamily(countsFamily, countsFamily).shared).toBeUndefined();
  });
});

describe('ProjectedStatistics', () => {
  const whole = new Map([
    [SHARED_STATE, Float64Array.of(9)],
    [bannerId('x'), Float64Array.of(1, 2, 3)],
    [bannerId('y'), Float64Array.of(4, 5, 6)],
  ]);
  const part = new ProjectedStatistics(whole, 1, 3);

  it('is a map of the banners onto a stretch of their numbers', () => {
    const expected: [BannerId, Float64Array][] = [
      [bannerId('x'), Float64Array.of(2, 3)],
      [bannerId('y'), Float64Array.of(5, 6)],
    ];
    expect([...part]).toEqual(expected);
    expect([...part.keys()]).toEqual(['x', 'y']);
    const visited: [BannerId, Float64Array][] = [];
    part.forEach((numbers, id) => visited.push([id, numbers]));
    expect(visited).toEqual(expected);
    expect(part.size).toBe(2);
    expect(part.get(bannerId('y'))).toEqual(Float64Array.of(5, 6));
  });

  it('leaves out what belongs to no banner', () => {
    expect([part.has(SHARED_STATE), part.has(bannerId('x')), part.has(bannerId('z'))]).toEqual([false, true, false]);
    expect([part.get(SHARED_STATE), part.get(bannerId('z'))]).toEqual([undefined, undefined]);
    expect(new ProjectedStatistics(new Map([[bannerId('x'), Float64Array.of(1)]]), 0, 1).size).toBe(1);
  });
});
