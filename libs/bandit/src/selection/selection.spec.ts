import { rngFromNumber } from '@vitrine/kernel';
import fc from 'fast-check';
import { fillSlots } from './fill-slots';
import { mixFloor } from './mix-floor';
import { sampleIndex } from './sample-index';

const SAMPLES = 200_000;
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

function chiSquared(counts: readonly number[], probabilities: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.reduce((statistic, count, i) => {
    const expected = total * (probabilities[i] ?? 0);
    return expected === 0 ? statistic + (count === 0 ? 0 : Infinity) : statistic + (count - expected) ** 2 / expected;
  }, 0);
}

const weights = fc
  .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1, noNaN: true })), { minLength: 1, maxLength: 30 })
  .filter((list) => list.some((weight) => weight > 0))
  .map((list) => {
    const total = list.reduce((a, b) => a + b, 0);
    return Float64Array.from(list, (weight) => weight / total);
  });

describe('mixFloor', () => {
  it('gives (1 - floor) p + floor / n, in place', () => {
    const p = Float64Array.of(1, 0, 0, 0);
    mixFloor(p, 0.2);
    expect([...p]).toEqual([expect.closeTo(0.85, 15), 0.05, 0.05, 0.05]);
  });

  it('keeps the sum at 1 and every banner above its share of the floor', () => {
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (p, floor) => {
        mixFloor(p, floor);
        expect(Math.abs(sum(p) - 1)).toBeLessThan(1e-12);
        expect(Math.min(...p)).toBeGreaterThanOrEqual(floor / p.length);
      }),
    );
  });

  it('refuses what is no share', () => {
    expect(() => mixFloor(Float64Array.of(1), 1.5)).toThrow('share');
  });
});

describe('sampleIndex', () => {
  // Chi-squared, 5 degrees of freedom: above 35.9 with probability 1e-6.
  it('draws with the given probabilities', () => {
    const p = [0.5, 0, 0.25, 0.2, 0.0499, 0.00005, 0.00005];
    const rng = rngFromNumber(7);
    const counts = p.map(() => 0);
    for (let i = 0; i < SAMPLES; i++) {
      const index = sampleIndex(Float64Array.from(p), rng);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    expect(chiSquared(counts, p)).toBeLessThan(35.9);
  });

  it('never draws an index without probability, at either end of the stream', () => {
    const p = Float64Array.of(0, 0.3, 0, 0.7, 0);
    expect(sampleIndex(p, () => 0)).toBe(1);
    expect(sampleIndex(p, () => 1 - 2 ** -53)).toBe(3);
    expect(sampleIndex(p, () => 1)).toBe(3); // beyond what a stream gives: the last one that has probability
  });

  it('refuses weights without mass', () => {
    expect(() => sampleIndex(Float64Array.of(0, 0), () => 0)).toThrow('something has probability');
    expect(() => sampleIndex(Float64Array.of(Number.NaN), () => 0)).toThrow('something has probability');
  });
});

describe('fillSlots', () => {
  // All 12 ordered pairs of 4 banners: 11 degrees of freedom, above 48.9 with probability 1e-6.
  it('fills pairs with the product of the conditional probabilities', () => {
    const p = [0.4, 0.3, 0.2, 0.1];
    const rng = rngFromNumber(21);
    const pairs = p.flatMap((_, i) => p.map((__, j) => [i, j] as const).filter(([a, b]) => a !== b));
    const probabilities = pairs.map(([i, j]) => ((p[i] ?? 0) * (p[j] ?? 0)) / (1 - (p[i] ?? 0)));
    const counts = pairs.map(() => 0);
    for (let draw = 0; draw < SAMPLES; draw++) {
      const { indices } = fillSlots(Float64Array.from(p), 2, rng);
      const at = pairs.findIndex(([i, j]) => i === indices[0] && j === indices[1]);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    expect(chiSquared(counts, probabilities)).toBeLessThan(48.9);
  });

  it('reports each propensity given the slots before it', () => {
    const { indices, propensities } = fillSlots(Float64Array.of(0.5, 0.3, 0.2), 3, () => 0);
    expect([...indices]).toEqual([0, 1, 2]);
    expect([...propensities]).toEqual([0.5, expect.closeTo(0.6, 15), 1]);
  });

  it('spreads evenly over the rest when no probability is left', () => {
    const { indices, propensities } = fillSlots(Float64Array.of(0, 1, 0, 0), 3, () => 0.5);
    expect([...indices]).toEqual([1, 2, 3]);
    expect([...propensities]).toEqual([1, 1 / 3, 0.5]);
  });

  it('fills at most as many slots as there are banners, one number of the stream each', () => {
    const rng = jest.fn(() => 0.5);
    expect(fillSlots(Float64Array.of(0.5, 0.5), 5, rng).indices).toHaveLength(2);
    expect(rng).toHaveBeenCalledTimes(2);
    expect(fillSlots(Float64Array.of(1), 0, rng).indices).toHaveLength(0);
    expect(() => fillSlots(Float64Array.of(1), 1.5, rng)).toThrow('whole');
  });

  it('never repeats a banner, keeps propensities in (0, 1] and leaves the distribution alone', () => {
    fc.assert(
      fc.property(weights, fc.nat(30), fc.integer(), (p, slots, seed) => {
        const before = p.slice();
        const { indices, propensities } = fillSlots(p, slots, rngFromNumber(seed));
        expect(new Set(indices).size).toBe(indices.length);
        expect(propensities.every((propensity) => propensity > 0 && propensity <= 1 + 1e-12)).toBe(true);
        expect(p).toEqual(before);
      }),
    );
  });
});
