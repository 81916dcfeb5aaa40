import { rngFromNumber } from '@vitrine/kernel';
import fc from 'fast-check';
import { fillSlots } from './fill-slots';
import { keyedUniform, raceSlots, stickyKey } from './sticky-slots';

const VISITORS = 50_000;
const IDS = ['summer', 'winter', 'shoes', 'a', 'b', 'c'];

/** Two words per visitor, as a keyed hash gives them. */
function seedOf(visitor: number): readonly [number, number] {
  const rng = rngFromNumber(visitor);
  return [Math.floor(rng() * 2 ** 32), Math.floor(rng() * 2 ** 32)];
}
const SEEDS = Array.from({ length: VISITORS }, (_, visitor) => seedOf(visitor));

const raceOf = (
  p: Float64Array,
  slots: number,
  seed: readonly [number, number],
  ids: readonly string[] = IDS,
): ReturnType<typeof raceSlots> => raceSlots(p, slots, (i) => keyedUniform(seed, stickyKey(ids[i] ?? '')));

function chiSquared(counts: readonly number[], probabilities: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.reduce((statistic, count, i) => {
    const expected = total * (probabilities[i] ?? 0);
    return expected === 0 ? statistic + (count === 0 ? 0 : Infinity) : statistic + (count - expected) ** 2 / expected;
  }, 0);
}

function tally<T>(items: readonly T[], same: (item: T, visitorAt: number) => boolean): number[] {
  return items.map((item) => SEEDS.reduce((count, _, visitor) => count + (same(item, visitor) ? 1 : 0), 0));
}

/** Chance that the same race has the same winner under p and q: sum_i 1 / sum_j max(p_j / p_i, q_j / q_i). */
function chanceOfSame(p: Float64Array, q: Float64Array): number {
  let chance = 0;
  for (let i = 0; i < p.length; i++) {
    const rivals = p.reduce((sum, rival, j) => sum + Math.max(rival / (p[i] ?? 0), (q[j] ?? 0) / (q[i] ?? 0)), 0);
    chance += 1 / rivals;
  }
  return chance;
}

const weights = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1, noNaN: true })), { minLength: 1, maxLength: 20 })
  .filter((list) => list.some((weight) => weight > 0))
  .map((list) => {
    const total = list.reduce((a, b) => a + b, 0);
    return Float64Array.from(list, (weight) => weight / total);
  });

describe('raceSlots', () => {
  // Chi-squared, 4 degrees of freedom: above 33.4 with probability 1e-6.
  it('lets each banner win with its probability, over visitors', () => {
    const p = [0.5, 0, 0.3, 0.15, 0.0499, 0.0001];
    const winners = SEEDS.map((seed) => raceOf(Float64Array.from(p), 1, seed).indices[0]);
    const counts = tally(
      p.map((_, i) => i),
      (i, visitor) => winners[visitor] === i,
    );
    expect(chiSquared(counts, p)).toBeLessThan(33.4);
  });

  // All 24 orders of 4 banners: 23 degrees of freedom, above 70.5 with probability 1e-6.
  it('lets banners finish in the law of drawing without replacement, with the propensities of fillSlots', () => {
    const p = Float64Array.of(0.4, 0.3, 0.2, 0.1);
    const lists = new Map<string, { count: number; product: number }>();
    for (const seed of SEEDS) {
      const { indices, propensities } = raceOf(p, 4, seed);
      const seen = lists.get(indices.join()) ?? {
        count: 0,
        product: propensities.reduce((product, propensity) => product * propensity, 1),
      };
      lists.set(indices.join(), { ...seen, count: seen.count + 1 });
    }
    const found = [...lists.values()];
    expect(found).toHaveLength(24);
    expect(found.reduce((sum, { product }) => sum + product, 0)).toBeCloseTo(1, 12);
    expect(
      chiSquared(
        found.map(({ count }) => count),
        found.map(({ product }) => product),
      ),
    ).toBeLessThan(70.5);
    expect(lists.get('1,0,3,2')?.product).toBeCloseTo(0.3 * (0.4 / 0.7) * (0.1 / 0.3), 12);
  });

  it('keeps a visitor with a banner as long as its share of the probability allows', () => {
    const [p, q] = [Float64Array.of(0.4, 0.25, 0.2, 0.15), Float64Array.of(0.35, 0.3, 0.2, 0.15)];
    const variation = 0.05;
    const changed = SEEDS.filter((seed) => raceOf(p, 1, seed).indices[0] !== raceOf(q, 1, seed).indices[0]).length / VISITORS;
    const expected = 1 - chanceOfSame(p, q);
    // |z| above 5 with probability 6e-7.
    expect(Math.abs(changed - expected)).toBeLessThan(5 * Math.sqrt((expected * (1 - expected)) / VISITORS));
    expect(expected).toBeGreaterThanOrEqual(variation);
    expect(expected).toBeLessThanOrEqual((2 * variation) / (1 + variation));
    expect(1 - p.reduce((sum, share, i) => sum + share * (q[i] ?? 0), 0)).toBeGreaterThan(0.7); // what independent draws would change
  });

  it('gives the same answer again, in whatever order banners come, and when others join without probability', () => {
    const p = [0.4, 0.3, 0.2, 0.1];
    const seed = seedOf(5);
    const chosen = (shares: readonly number[], ids: readonly string[]): (string | undefined)[] =>
      [...raceOf(Float64Array.from(shares), 4, seed, ids).indices].map((i) => ids[i]);
    const ids = IDS.slice(0, 4);
    expect(chosen(p.toReversed(), ids.toReversed())).toEqual(chosen(p, ids));
    expect(chosen([0, ...p], ['new', ...ids])).toEqual(chosen(p, ids));
  });

  // 6 orders of the 3 banners without probability: 5 degrees of freedom, above 35.9 with probability 1e-6.
  it('lets banners without probability follow the others, evenly', () => {
    const p = Float64Array.of(0, 0.9, 0, 0.1, 0);
    const rest = SEEDS.map((seed) => {
      const { indices, propensities } = raceOf(p, 5, seed);
      expect([...indices.subarray(0, 2)].sort()).toEqual([1, 3]);
      expect([...propensities.subarray(1)]).toEqual([1, 1 / 3, 1 / 2, 1]);
      return indices.subarray(2).join();
    });
    const orders = [...new Set(rest)];
    expect(orders).toHaveLength(6);
    const counts = tally(orders, (order, visitor) => rest[visitor] === order);
    expect(
      chiSquared(
        counts,
        orders.map(() => 1 / 6),
      ),
    ).toBeLessThan(35.9);
  });

  it('keeps apart probabilities as small as doubles are', () => {
    const p = Float64Array.of(1e-300, 1, 5e-324, 1e-30);
    for (const seed of SEEDS.slice(0, 100)) expect([...raceOf(p, 4, seed).indices]).toEqual([1, 3, 0, 2]);
  });

  it('fills like fillSlots: distinct banners, at most as many slots as banners, the distribution left alone', () => {
    fc.assert(
      fc.property(weights, fc.nat(25), fc.integer(), (p, slots, visitor) => {
        const before = p.slice();
        const ids = Array.from(p, (_, i) => `banner-${i}`);
        const { indices, propensities } = raceOf(p, slots, seedOf(visitor), ids);
        expect(indices).toHaveLength(fillSlots(p, slots, rngFromNumber(visitor)).indices.length);
        expect(new Set(indices).size).toBe(indices.length);
        expect(propensities.every((propensity) => propensity > 0 && propensity <= 1)).toBe(true);
        expect(p).toEqual(before);
      }),
    );
    expect(() => raceSlots(Float64Array.of(1), 0.5, () => 0.5)).toThrow('whole');
  });

  it('survives the ends of the stream', () => {
    for (const end of [0, 1 - 2 ** -53]) {
      const { indices, propensities } = raceSlots(Float64Array.of(0, 1), 2, () => end);
      expect([...indices]).toEqual([1, 0]);
      expect([...propensities]).toEqual([1, 1]);
    }
  });
});

describe('keyedUniform', () => {
  it('belongs to both words of the seed and to the banner', () => {
    const first = keyedUniform([1, 2], stickyKey('summer'));
    expect(keyedUniform([1, 2], stickyKey('summer'))).toBe(first);
    for (const other of [
      keyedUniform([1, 2], stickyKey('winter')),
      keyedUniform([9, 2], stickyKey('summer')),
      keyedUniform([1, 9], stickyKey('summer')),
    ]) {
      expect(other).not.toBe(first);
      expect(other >= 0 && other < 1).toBe(true);
    }
  });

  // 16 cells of two banners' numbers: 15 degrees of freedom, above 56.5 with probability 1e-6. Keys that differ by a bit are the worst case.
  it.each([
    [stickyKey('b1'), stickyKey('b2')],
    [stickyKey('x'), stickyKey('a longer name of a banner')],
    [[6, 6] as const, [7, 7] as const],
    [[0, 0] as const, [2 ** 31, 2 ** 31] as const],
  ])('gives one visitor independent numbers for the keys %j and %j', (one, other) => {
    const cells = SEEDS.map((seed) => 4 * Math.floor(4 * keyedUniform(seed, one)) + Math.floor(4 * keyedUniform(seed, other)));
    const counts = tally(
      Array.from({ length: 16 }, (_, cell) => cell),
      (cell, visitor) => cells[visitor] === cell,
    );
    expect(
      chiSquared(
        counts,
        counts.map(() => 1 / 16),
      ),
    ).toBeLessThan(56.5);
  });

  it('stays below 1 and keeps what both words say', () => {
    const numbers = SEEDS.slice(0, 2000).map((seed) => keyedUniform(seed, [0, 0]));
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(numbers).size).toBe(2000);
  });
});
