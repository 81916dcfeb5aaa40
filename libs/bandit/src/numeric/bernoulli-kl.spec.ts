import fc from 'fast-check';
import { bernoulliKl, klUpperBound } from './bernoulli-kl';

describe('bernoulliKl', () => {
  it.each([
    [0.5, 0.25, 0.14384103622589042], // (ln 2 + ln (2 / 3)) / 2
    [0, 0.5, Math.LN2],
    [1, 0.25, 2 * Math.LN2],
    [0.3, 0.3, 0],
    [0.2, 1, Infinity],
    [0.2, 0, Infinity],
    [0, 1, Infinity],
  ])('of %d from %d is %d', (p, q, expected) => {
    expect(bernoulliKl(p, q)).toBeCloseTo(expected, 14);
  });

  it('keeps its digits where the rates are close: (q - p)^2 / (2 p (1 - p)) to first order', () => {
    const step = 1e-7;
    expect(bernoulliKl(0.02, 0.02 + step) / ((step * step) / (2 * 0.02 * 0.98))).toBeCloseTo(1, 5);
  });
});

describe('klUpperBound', () => {
  /** The same by bisection alone. */
  function bisected(p: number, budget: number): number {
    let [low, high] = [p, 1];
    for (let step = 0; step < 200; step++) {
      const middle = (low + high) / 2;
      if (bernoulliKl(p, middle) <= budget) low = middle;
      else high = middle;
    }
    return low;
  }

  const rate = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 1e-12, 1 - 1e-12, 0.01, 0.5));
  const budget = fc.double({ min: -12, max: 3, noNaN: true }).map((power) => 10 ** power);

  it('agrees with bisection to 1e-12, from means of 0 to 1 and budgets of 1e-12 to 1000 nats', () => {
    fc.assert(
      fc.property(rate, budget, (p, nats) => {
        expect(Math.abs(klUpperBound(p, nats) - bisected(p, nats))).toBeLessThan(1e-12);
      }),
      { numRuns: 2000 },
    );
  });

  it('is 1 - e^-budget above a mean of 0, and the mean itself without a budget', () => {
    expect(klUpperBound(0, 0.3)).toBeCloseTo(1 - Math.exp(-0.3), 15);
    expect(klUpperBound(0.3, 0)).toBe(0.3);
    expect(klUpperBound(1, 5)).toBe(1);
  });

  it('refuses what is no rate and no budget', () => {
    expect(() => klUpperBound(1.1, 1)).toThrow('a rate lies in [0, 1]');
    expect(() => klUpperBound(0.5, -1)).toThrow('a divergence is not negative');
    expect(() => klUpperBound(Number.NaN, 1)).toThrow('a rate lies in [0, 1]');
  });
});
