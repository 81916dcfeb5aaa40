import { rngFromNumber, type Rng } from '@vitrine/kernel';
import { bootstrapInterval } from './bootstrap';
import { empiricalBernsteinHalfWidth, empiricalBernsteinInterval } from './empirical-bernstein';
import { hoeffdingHalfWidth, hoeffdingInterval } from './hoeffding';
import { meanOf, type Interval } from './moments';
import { roundSe } from './round-se';
import { studentTHalfWidth, studentTInterval } from './student-t-interval';

/** Mean 5, squared deviations 32. */
const EIGHT = Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9);

describe('the intervals, worked out by hand', () => {
  it('have the standard error of the mean', () => {
    expect(roundSe(EIGHT)).toBeCloseTo(Math.sqrt(32 / 7 / 8), 15);
  });

  it('Student: the standard error times the quantile, 1.894578605090007 at 5 % (mpmath) with 7 degrees of freedom', () => {
    expect(studentTHalfWidth(EIGHT, 0.05)).toBeCloseTo(1.894578605090007 * Math.sqrt(32 / 7 / 8), 12);
    expect(studentTInterval(EIGHT, 0.1).upper).toBeCloseTo(5 + 1.894578605090007 * Math.sqrt(32 / 7 / 8), 12);
  });

  it('empirical Bernstein: a range part and a variance part', () => {
    const expected = (7 * 9 * Math.log(40)) / 21 + Math.sqrt((2 * Math.log(40) * 4) / 7);
    expect(empiricalBernsteinHalfWidth(EIGHT, 9, 0.05)).toBeCloseTo(expected, 13);
    expect(empiricalBernsteinInterval(EIGHT, 9, 0.1).lower).toBeCloseTo(5 - expected, 13);
  });

  it('Hoeffding: the range alone', () => {
    expect(hoeffdingHalfWidth(EIGHT, 9, 0.05)).toBeCloseTo(9 * Math.sqrt(Math.log(20) / 16), 14);
    expect(hoeffdingInterval(EIGHT, 9, 0.1).upper).toBeCloseTo(5 + 9 * Math.sqrt(Math.log(20) / 16), 14);
  });

  it.each([0, 1, Number.NaN])('an error rate of %d is a mistake of the program', (rate) => {
    for (const halfWidth of [studentTHalfWidth, (terms: Float64Array, d: number) => hoeffdingHalfWidth(terms, 1, d)])
      expect(() => halfWidth(EIGHT, rate)).toThrow('error rate');
  });

  it('no spread without two terms', () => {
    expect(() => roundSe(Float64Array.of(1))).toThrow('two terms');
  });
});

describe('the bootstrap', () => {
  const options = { errorRate: 0.05, replicates: 400 };

  it('is the same under the same seed, and lies around the mean', () => {
    const [a, b] = [1, 1].map((seed) => bootstrapInterval(EIGHT, { ...options, rng: rngFromNumber(seed) }));
    expect(a).toEqual(b);
    expect([a?.lower, a?.upper]).toEqual([expect.closeTo(5 - 1.96 * 0.71, 0), expect.closeTo(5 + 1.96 * 0.71, 0)]);
  });

  it('draws persons, not rounds, where clusters are given: ten equal rounds of each say no more than one', () => {
    const repeated = Float64Array.from({ length: 80 }, (_, i) => EIGHT[Math.floor(i / 10)] ?? 0);
    const cluster = Int32Array.from({ length: 80 }, (_, i) => Math.floor(i / 10));
    const width = ({ lower, upper }: Interval): number => upper - lower;
    const once = width(bootstrapInterval(EIGHT, { ...options, rng: rngFromNumber(5) }));
    const clustered = width(bootstrapInterval(repeated, { ...options, rng: rngFromNumber(5), cluster }));
    const naive = width(bootstrapInterval(repeated, { ...options, rng: rngFromNumber(5) }));
    expect(clustered).toBeCloseTo(once, 12);
    expect(naive).toBeLessThan(once / 2);
  });

  it('of a ratio knows that its denominator varies, and never divides by nothing', () => {
    const weight = Float64Array.of(0, 0, 0, 0, 0, 0, 0, 3); // one resample in three holds no weight at all
    const interval = bootstrapInterval(
      weight.map((w) => w * 7),
      { ...options, rng: rngFromNumber(3), denominators: weight },
    );
    expect(interval).toEqual({ lower: expect.closeTo(7, 12), upper: expect.closeTo(7, 12) });
  });

  it('interpolates between two resamples', () => {
    const draws = [0, 0.5, 0.5, 0.5]; // means 0.5 and 1
    const interval = bootstrapInterval(Float64Array.of(0, 1), { errorRate: 0.5, replicates: 2, rng: () => draws.shift() ?? 0 });
    expect(interval).toEqual({ lower: 0.625, upper: 0.875 });
  });

  it.each([
    ['no resamples', { replicates: 0 }, 'has resamples'],
    ['denominators of another length', { denominators: Float64Array.of(1) }, 'per round'],
    ['denominators of nothing', { denominators: new Float64Array(8) }, 'not all 0'],
    ['clusters of another length', { cluster: new Int32Array(7) }, 'per round'],
    ['negative clusters', { cluster: new Int32Array(8).fill(-1) }, 'from 0'],
  ])('refuses %s', (_what, changes, message) => {
    expect(() => bootstrapInterval(EIGHT, { ...options, rng: rngFromNumber(1), ...changes })).toThrow(message);
  });
});

describe('coverage over 400 logs of 60 weighted clicks, at 10 % error', () => {
  const [RUNS, ROUNDS, ERROR] = [400, 60, 0.1];
  /** Weighted clicks: weight 2 or 0.5 with equal chance, click rate 0.3. True mean 0.375; terms lie in [0, 2]. */
  const draw = (rng: Rng): Float64Array => Float64Array.from({ length: ROUNDS }, () => (rng() < 0.3 ? (rng() < 0.5 ? 2 : 0.5) : 0));
  const TRUTH = 0.3 * 1.25;

  function missRate(intervalOf: (terms: Float64Array, rng: Rng) => Interval): number {
    const rng = rngFromNumber(2_024);
    let misses = 0;
    for (let run = 0; run < RUNS; run++) {
      const { lower, upper } = intervalOf(draw(rng), rng);
      if (!(lower <= TRUTH && TRUTH <= upper)) misses += 1;
    }
    return misses / RUNS;
  }

  // The seed is fixed. Over seeds, a true miss rate of 10 % stays within 10 % +- 5 % but for a chance of 0.001; the approximate methods get 1 % more.
  it.each([
    ['Student', (terms: Float64Array) => studentTInterval(terms, ERROR)],
    ['bootstrap', (terms: Float64Array, rng: Rng) => bootstrapInterval(terms, { errorRate: ERROR, replicates: 200, rng })],
  ])('%s misses about as often as it says', (_name, intervalOf) => {
    expect(Math.abs(missRate(intervalOf) - ERROR)).toBeLessThan(0.06);
  });

  it.each([
    ['empirical Bernstein', (terms: Float64Array) => empiricalBernsteinInterval(terms, 2, ERROR)],
    ['Hoeffding', (terms: Float64Array) => hoeffdingInterval(terms, 2, ERROR)],
  ])('%s misses no more often than it says: with guaranteed 10 % the false alarm rate is below 0.001', (_name, intervalOf) => {
    expect(missRate(intervalOf)).toBeLessThan(0.15);
  });

  it('an interval that ignores half of the spread is found out', () => {
    const halved = (terms: Float64Array): Interval => {
      const reach = studentTHalfWidth(terms, ERROR / 2) / 2;
      return { lower: meanOf(terms) - reach, upper: meanOf(terms) + reach };
    };
    expect(missRate(halved)).toBeGreaterThan(0.3);
  });
});
