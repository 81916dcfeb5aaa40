import fc from 'fast-check';
import { aReward, aTrial, foldAll } from '../fixtures';
import { COUNTS, countsFamily } from './counts.family';
import { LINEAR, linearFamily, triangleLength } from './linear.family';
import { noneFamily } from './none.family';
import type { AdditiveFamily, Observation } from './statistics-family';

const DIMENSION = 6;

// Contexts are whole numbers of 1/32 in [-127, 127] / 32, as decisions quantise them.
const context = fc
  .array(fc.integer({ min: -127, max: 127 }), { minLength: DIMENSION, maxLength: DIMENSION })
  .map((steps) => Float64Array.from(steps, (step) => step / 32));
const amount = fc.double({ min: -100, max: 100, noNaN: true });
const entry = fc
  .record({ kind: fc.constantFrom('TRIAL' as const, 'REWARD' as const), context, reward: amount, before: amount })
  .map(aTrial);
const entries = fc.array(entry, { maxLength: 40 });

function unfoldAll(family: AdditiveFamily, statistics: Float64Array, list: readonly Observation[]): Float64Array {
  for (const observation of list) family.unfold(statistics, observation);
  return statistics;
}

const farthest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

describe.each([noneFamily, countsFamily, linearFamily(DIMENSION)])('the family $name', (family) => {
  it('takes out what it added, to 1e-9', () => {
    fc.assert(
      fc.property(entries, entries, (kept, removed) => {
        const before = foldAll(family, kept);
        const after = unfoldAll(family, foldAll(family, removed, before.slice()), removed);
        expect(farthest(after, before)).toBeLessThan(1e-9);
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

  it('counts a trial with a later difference like a trial with the whole reward', () => {
    fc.assert(
      fc.property(context, fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), (x, initial, delta) => {
        const late = foldAll(family, [aTrial({ context: x, reward: initial }), aReward({ context: x, reward: delta, before: initial })]);
        const once = foldAll(family, [aTrial({ context: x, reward: initial + delta })]);
        expect(farthest(late, once)).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('the layouts', () => {
  it('of counts are trials, reward sum and sum of squared rewards', () => {
    const statistics = foldAll(countsFamily, [aTrial({ reward: 0.5 }), aReward({ reward: 2, before: 0.5 })]);
    expect([statistics[COUNTS.trials], statistics[COUNTS.rewardSum], statistics[COUNTS.squareSum]]).toEqual([1, 2.5, 6.25]);
    expect(statistics).toHaveLength(COUNTS.length);
  });

  it('of linear are trials, reward sum, square sum, b and the upper triangle of A by rows', () => {
    const x = Float64Array.of(1, 0, 3);
    const statistics = foldAll(linearFamily(3), [aTrial({ context: x, reward: 2 }), aReward({ context: x, reward: -1, before: 2 })]);
    expect(statistics).toHaveLength(LINEAR.vector + 3 + triangleLength(3));
    expect([...statistics]).toEqual([1, 1, 1, 1, 0, 3, 1, 0, 3, 0, 0, 9]);
  });

  it('of none is nothing', () => {
    expect(noneFamily).toHaveLength(0);
  });

  it('must agree before they are merged', () => {
    expect(() => countsFamily.merge(new Float64Array(2), new Float64Array(3))).toThrow('one layout');
  });
});
