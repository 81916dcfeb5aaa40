import { rngFromNumber } from '@vitrine/kernel';
import fc from 'fast-check';
import { aTrial, foldAll } from '../fixtures';
import type { Policy } from '../policy';
import { POLICIES } from '../policies/policy-registry';
import { decodePolicyState, encodePolicyState } from '../runtime/policy-state.codec';
import { isMergeable, isUnfoldable, type Observation, type StatisticsFamily } from '../statistics/statistics-family';
import { banners, built, contextFor, distributionOf, learned, NOW, someEntry } from './learned.fixture';

const NAMES = POLICIES.map(({ name }) => name);
const BY_DESIGN = ['apprentice', 'logistic-epsilon-greedy', 'logistic-thompson'];

interface Case {
  readonly seed: number;
  readonly left: number;
  readonly right: number;
}
const cases = fc.record<Case>({ seed: fc.integer(), left: fc.integer({ min: 0, max: 30 }), right: fc.integer({ min: 0, max: 30 }) });

function entries(policy: Policy, { seed, left, right }: Case): readonly [readonly Observation[], readonly Observation[]] {
  const rng = rngFromNumber(seed);
  const some = (count: number, from: number): readonly Observation[] =>
    Array.from({ length: count }, (_, i) => someEntry(policy, rng, from + i));
  return [some(left, 0), some(right, 1_000)];
}

/**
 * The numbers as if something later had happened and been taken out: states of one history may differ in the time to which their discounts
 * refer, and this brings them to one.
 */
function comparable(policy: Policy, statistics: Float64Array): Float64Array {
  const { family } = policy;
  if (!isUnfoldable(family)) return statistics;
  const later = aTrial({ context: contextFor(policy, rngFromNumber(1)), at: NOW, key: 9_999 });
  const moved = statistics.slice();
  family.fold(moved, later);
  family.unfold(moved, later);
  return moved;
}

/** Largest difference, relative to numbers above 1. */
function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN)) / Math.max(1, Math.abs(value))), 0);
}

const mergeable = NAMES.filter((name) => isMergeable(built(name).family));
const unfoldable = NAMES.filter((name) => isUnfoldable(built(name).family));

describe.each(mergeable)('the statistics of %s', (name) => {
  const policy = built(name);
  const family: StatisticsFamily = policy.family;

  it('merge: two folds added up are the fold of both', () => {
    fc.assert(
      fc.property(cases, (shape) => {
        if (!isMergeable(family)) return;
        const [left, right] = entries(policy, shape);
        const merged = foldAll(family, left);
        family.merge(merged, foldAll(family, right));
        const both = foldAll(family, [...left, ...right]);
        expect(distance(comparable(policy, merged), comparable(policy, both))).toBeLessThan(1e-9);
      }),
    );
  });
});

describe.each(unfoldable)('the statistics of %s', (name) => {
  const policy = built(name);
  const family: StatisticsFamily = policy.family;

  it('un-fold: an entry taken out was never there', () => {
    fc.assert(
      fc.property(cases, (shape) => {
        if (!isUnfoldable(family)) return;
        const [kept, removed] = entries(policy, shape);
        const before = foldAll(family, kept);
        const after = foldAll(family, removed, before.slice());
        for (const entry of removed.toReversed()) family.unfold(after, entry);
        expect(distance(comparable(policy, after), comparable(policy, before))).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('statistics', () => {
  it('that cannot do either are those whose mathematics does not allow it: they are rebuilt', () => {
    expect(NAMES.filter((name) => !mergeable.includes(name)).sort()).toEqual(BY_DESIGN);
    expect(NAMES.filter((name) => !unfoldable.includes(name)).sort()).toEqual(BY_DESIGN);
  });
});

describe.each(NAMES)('the state of %s', (name) => {
  it('is restored to the last bit, and decides the same', () => {
    const policy = built(name);
    const state = learned(policy, 4, 3);
    const statistics = new Map(learnedStatistics(policy));
    const restored = decodePolicyState(policy, encodePolicyState(policy, statistics));
    expect([...restored.keys()].sort()).toEqual([...statistics.keys()].sort());
    for (const [id, numbers] of statistics) expect(restored.get(id)).toEqual(numbers);
    expect(distributionOf(learned(policy, 4, 3), banners(4), 9)).toEqual(distributionOf(state, banners(4), 9));
  });
});

function learnedStatistics(policy: Policy): ReadonlyMap<ReturnType<typeof banners>[number], Float64Array> {
  const rng = rngFromNumber(6);
  const length = policy.family.length;
  return new Map(
    banners(length === 0 ? 0 : 3).map((id) => [
      id,
      foldAll(
        policy.family,
        Array.from({ length: 20 }, (_, i) => someEntry(policy, rng, i)),
      ),
    ]),
  );
}
