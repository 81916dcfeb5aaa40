import fc from 'fast-check';
import { wilsonRate } from './wilson-rate';

describe('wilsonRate', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3, rounded there to four digits.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('gives the published interval of %d out of %d', (successes, trials, lower, upper) => {
    const rate = wilsonRate(successes, trials);
    expect(rate?.value).toBe(successes / trials);
    expect(rate?.lower).toBeCloseTo(lower, 4);
    expect(rate?.upper).toBeCloseTo(upper, 4);
  });

  it('knows nothing without trials', () => {
    expect(wilsonRate(0, 0)).toBeNull();
  });

  it('refuses more successes than trials', () => {
    expect(() => wilsonRate(3, 2)).toThrow('successes are some of the trials');
  });

  it('stays inside [0, 1], holds its own value and mirrors successes and failures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const successes = Math.floor(share * trials);
        const rate = wilsonRate(successes, trials);
        const mirrored = wilsonRate(trials - successes, trials);
        if (rate === null || mirrored === null) throw new TypeError('there are trials');
        expect(rate.lower).toBeGreaterThanOrEqual(0);
        expect(rate.lower).toBeLessThanOrEqual(rate.value);
        expect(rate.upper).toBeGreaterThanOrEqual(rate.value);
        expect(rate.upper).toBeLessThanOrEqual(1);
        expect(mirrored.lower).toBeCloseTo(1 - rate.upper, 12);
      }),
    );
  });
});
