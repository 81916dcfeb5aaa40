import fc from 'fast-check';
import { aReward, aTrial, foldAll } from '../fixtures';
import { bootstrappedLinearFamily, copiesIn, replicaLength } from './bootstrapped-linear.family';
import { linearFamily } from './linear.family';
import type { Observation } from './statistics-family';

const D = 3;
const REPLICAS = 4;
const family = bootstrappedLinearFamily({ dimension: D, replicas: REPLICAS, plainFirst: false });

// Contexts are whole numbers of 1/32 in [-127, 127] / 32, as decisions quantise them.
const context = fc
  .array(fc.integer({ min: -127, max: 127 }), { minLength: D, maxLength: D })
  .map((steps) => Float64Array.from(steps, (step) => step / 32));
const amount = fc.double({ min: -100, max: 100, noNaN: true });
const key = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const entry = fc
  .record({ kind: fc.constantFrom('TRIAL' as const, 'REWARD' as const), context, reward: amount, before: amount, key })
  .map(aTrial);
const entries = fc.array(entry, { maxLength: 30 });

const farthest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
const replicaOf = (statistics: Float64Array, r: number): Float64Array =>
  statistics.subarray(r * replicaLength(D), (r + 1) * replicaLength(D));

describe('the family bootstrapped-linear', () => {
  it('takes out what it added, to 1e-9', () => {
    fc.assert(
      fc.property(entries, entries, (kept, removed) => {
        const before = foldAll(family, kept);
        const after = foldAll(family, removed, before.slice());
        for (const observation of removed) family.unfold(after, observation);
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

  it('counts a trial with a later difference like a trial with the whole reward, in every sample', () => {
    fc.assert(
      fc.property(context, key, fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), (x, k, initial, delta) => {
        const trial = aTrial({ context: x, key: k, reward: initial });
        const late = foldAll(family, [trial, aReward({ context: x, key: k, reward: delta, before: initial })]);
        const once = foldAll(family, [aTrial({ context: x, key: k, reward: initial + delta })]);
        expect(farthest(late, once)).toBeLessThan(1e-9);
      }),
    );
  });

  it('holds in each sample the linear statistics of the trials repeated as often as they stand in it', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const statistics = foldAll(family, list);
        for (let r = 0; r < REPLICAS; r++) {
          const sample = list.flatMap((observation) =>
            Array.from<Observation>({ length: copiesIn(r, observation.key, false) }).fill(observation),
          );
          const plain = foldAll(linearFamily(D), sample);
          // A reward's copies stand for trials that are in already; only trials count.
          expect(farthest(replicaOf(statistics, r), plain)).toBeLessThan(1e-8);
        }
      }),
    );
  });

  it('holds every trial once in the first sample when asked to', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const statistics = foldAll(bootstrappedLinearFamily({ dimension: D, replicas: 2, plainFirst: true }), list);
        expect(farthest(replicaOf(statistics, 0), foldAll(linearFamily(D), list))).toBeLessThan(1e-9);
      }),
    );
  });

  it('draws the first sample like the others otherwise', () => {
    const copies = Array.from({ length: 1000 }, (_, trial) => copiesIn(0, trial, false));
    expect(copies.filter((count) => count === 0).length).toBeGreaterThan(300); // 368 expected, five deviations are 76
    expect(copies.filter((count) => count > 1).length).toBeGreaterThan(190); // 264 expected, five deviations are 70
  });

  it('is as long as its samples', () => {
    expect(family).toHaveLength(REPLICAS * (3 + D + (D * (D + 1)) / 2));
  });
});
