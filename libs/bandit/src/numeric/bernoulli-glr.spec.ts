import { rngFromNumber } from '@vitrine/kernel';
import { bernoulliGlr, glrThreshold } from './bernoulli-glr';
import { bernoulliKl } from './bernoulli-kl';

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The definition, trial by trial: sup over s of s kl(before, all) + (n - s) kl(after, all), s at the ends of buckets. */
function naiveGlr(buckets: readonly (readonly number[])[]): number {
  const all = buckets.flat();
  return Math.max(
    ...buckets.slice(1).map((_, i) => {
      const before = buckets.slice(0, i + 1).flat();
      const after = buckets.slice(i + 1).flat();
      return before.length * bernoulliKl(mean(before), mean(all)) + after.length * bernoulliKl(mean(after), mean(all));
    }),
  );
}

const glrOf = (buckets: readonly (readonly number[])[], from = 0): ReturnType<typeof bernoulliGlr> =>
  bernoulliGlr(
    Float64Array.from(buckets, (bucket) => bucket.length),
    Float64Array.from(buckets, (bucket) => bucket.reduce((a, b) => a + b, 0)),
    from,
  );

describe('bernoulliGlr', () => {
  it('is the largest divergence of two rates from one', () => {
    const rng = rngFromNumber(3);
    for (let round = 0; round < 50; round++) {
      const buckets = Array.from({ length: 6 }, () =>
        Array.from({ length: 1 + Math.floor(9 * rng()) }, () => (rng() < 0.4 ? 1 : 0.25 * rng())),
      );
      expect(glrOf(buckets)?.statistic).toBeCloseTo(naiveGlr(buckets), 10);
    }
  });

  it('finds the bucket after the change, from a bucket on', () => {
    const [zeros, ones] = [
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ];
    expect(glrOf([zeros, zeros, ones, ones, ones])).toEqual({
      split: 2,
      statistic: expect.closeTo(naiveGlr([zeros, zeros, ones, ones, ones]), 12),
      trials: 20,
    });
    expect(glrOf([ones, zeros, zeros, ones], 1)).toMatchObject({ split: 3, trials: 12 });
  });

  it('has nothing to say of one bucket, of empty ones, and no ratio where nothing differs', () => {
    expect(glrOf([[1, 0, 1]])).toBeNull();
    expect(glrOf([[], [1, 0], []])).toBeNull();
    expect(glrOf([])).toBeNull();
    expect(glrOf([[0, 0], [0], [0, 0]])?.statistic).toBe(0);
  });
});

describe('glrThreshold', () => {
  it('is ln(3 n^(3/2) / delta)', () => {
    expect(glrThreshold(100, 0.05)).toBeCloseTo(11.0021, 4); // ln 60000
  });
});
