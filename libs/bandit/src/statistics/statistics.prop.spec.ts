import fc from 'fast-check';
import type { StatisticsFamily } from '../policy';
import { COUNTS, countsFamily } from './counts.family';
import { LINEAR, linearFamily, triangleLength } from './linear.family';
import { mergeStatistics } from './merge-statistics';
import { noneFamily } from './none.family';

const DIMENSION = 6;

interface Entry {
  readonly kind: 'trial' | 'reward';
  readonly context: Float64Array;
  readonly reward: number;
}

// Contexts are whole numbers of 1/32 in [-127, 127] / 32, as decisions quantise them.
const context = fc
  .array(fc.integer({ min: -127, max: 127 }), { minLength: DIMENSION, maxLength: DIMENSION })
  .map((steps) => Float64Array.from(steps, (step) => step / 32));
const entry = fc.record<Entry>({
  kind: fc.constantFrom('trial', 'reward'),
  context,
  reward: fc.double({ min: -100, max: 100, noNaN: true }),
});
const entries = fc.array(entry, { maxLength: 40 });

function fold(family: StatisticsFamily, statistics: Float64Array, list: readonly Entry[], sign: 1 | -1 = 1): Float64Array {
  for (const { kind, context: x, reward } of list) {
    if (kind === 'trial') family.addTrial(statistics, x, reward, sign);
    else family.addReward(statistics, x, reward, sign);
  }
  return statistics;
}

const emptyOf = (family: StatisticsFamily): Float64Array => new Float64Array(family.length(DIMENSION));
const farthest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

describe.each([noneFamily, countsFamily, linearFamily])('the family $name', (family) => {
  it('takes out what it added, to 1e-9', () => {
    fc.assert(
      fc.property(entries, entries, (kept, removed) => {
        const before = fold(family, emptyOf(family), kept);
        const after = fold(family, fold(family, before.slice(), removed), removed, -1);
        expect(farthest(after, before)).toBeLessThan(1e-9);
      }),
    );
  });

  it('merges two folds into the fold of both', () => {
    fc.assert(
      fc.property(entries, entries, (left, right) => {
        const merged = fold(family, emptyOf(family), left);
        mergeStatistics(merged, fold(family, emptyOf(family), right));
        expect(farthest(merged, fold(family, emptyOf(family), [...left, ...right]))).toBeLessThan(1e-9);
      }),
    );
  });

  it('counts a trial with a later difference like a trial with the whole reward', () => {
    fc.assert(
      fc.property(context, fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), (x, initial, delta) => {
        const late = emptyOf(family);
        family.addTrial(late, x, initial, 1);
        family.addReward(late, x, delta, 1);
        const once = emptyOf(family);
        family.addTrial(once, x, initial + delta, 1);
        expect(farthest(late, once)).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('the layouts', () => {
  it('of counts are trials and reward sum', () => {
    const statistics = new Float64Array(countsFamily.length(0));
    countsFamily.addTrial(statistics, new Float64Array(0), 0.5, 1);
    countsFamily.addReward(statistics, new Float64Array(0), 2, 1);
    expect([statistics[COUNTS.trials], statistics[COUNTS.rewardSum], statistics.length]).toEqual([1, 2.5, 2]);
  });

  it('of linear are trials, reward sum, b and the upper triangle of A by rows', () => {
    const statistics = new Float64Array(linearFamily.length(3));
    linearFamily.addTrial(statistics, Float64Array.of(1, 0, 3), 2, 1);
    linearFamily.addReward(statistics, Float64Array.of(1, 0, 3), -1, 1);
    expect(statistics.length).toBe(LINEAR.vector + 3 + triangleLength(3));
    expect([...statistics]).toEqual([1, 1, 1, 0, 3, 1, 0, 3, 0, 0, 9]);
  });

  it('of none is nothing', () => {
    expect(noneFamily.length(32)).toBe(0);
  });

  it('must agree before they are merged', () => {
    expect(() => mergeStatistics(new Float64Array(2), new Float64Array(3))).toThrow('one layout');
  });
});
