import { rngFromNumber } from '@vitrine/kernel';
import { asymptoticConfidenceSequence, rhoTightestAt } from './asymptotic-confidence-sequence';
import { studentTHalfWidth } from './student-t-interval';

describe('the asymptotic confidence sequence', () => {
  it('is m +- s sqrt(2 (t rho^2 + 1) / (t^2 rho^2) ln(sqrt(t rho^2 + 1) / a)), worked out by hand at t = 8', () => {
    const eight = Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9); // mean 5, standard deviation 2 over t
    const { lower, upper } = asymptoticConfidenceSequence(eight, { errorRate: 0.05, rho: 0.5, from: 4 });
    // t rho^2 + 1 = 3, t^2 rho^2 = 16, ln(sqrt(3) / 0.05) = 3.5450384180
    const reach = 2 * Math.sqrt((6 / 16) * 3.545038418);
    expect(lower[7]).toBeCloseTo(5 - reach, 8);
    expect(upper[7]).toBeCloseTo(5 + reach, 8);
  });

  it('says nothing before its first round, and after t rounds the same as for a log that ends there', () => {
    const terms = Float64Array.from({ length: 30 }, (_, i) => (i * 7) % 5);
    const options = { errorRate: 0.1, rho: 0.3, from: 10 };
    const { lower, upper } = asymptoticConfidenceSequence(terms, options);
    expect([lower[8], upper[8], Number.isFinite(lower[9] ?? Infinity)]).toEqual([-Infinity, Infinity, true]);
    expect(asymptoticConfidenceSequence(terms.subarray(0, 20), options).upper).toEqual(upper.subarray(0, 20));
  });

  it('is tightest near the round that rho was chosen for', () => {
    const reachAt = (rho: number): number => {
      const terms = Float64Array.from({ length: 500 }, (_, i) => i % 2);
      const { lower, upper } = asymptoticConfidenceSequence(terms, { errorRate: 0.05, rho, from: 2 });
      return (upper[499] ?? 0) - (lower[499] ?? 0);
    };
    const best = rhoTightestAt(500, 0.05);
    const grid = Array.from({ length: 200 }, (_, i) => best * 1.02 ** (i - 100));
    expect(reachAt(best)).toBeLessThan(1.001 * Math.min(...grid.map(reachAt)));
  });

  // Fixed seed. True error at most 10 % (in the limit): 300 logs miss more than 15.5 % with chance below 0.001.
  it('holds at all times at once, where Student looked at again and again does not', () => {
    const rng = rngFromNumber(77);
    const [LOGS, ROUNDS, FROM, TRUTH] = [300, 2_000, 100, 0.3];
    const options = { errorRate: 0.1, rho: rhoTightestAt(500, 0.1), from: FROM };
    let [misses, peekedMisses] = [0, 0];
    for (let log = 0; log < LOGS; log++) {
      const terms = Float64Array.from({ length: ROUNDS }, () => (rng() < TRUTH ? 1 : 0));
      const { lower, upper } = asymptoticConfidenceSequence(terms, options);
      if (terms.some((_, i) => !((lower[i] ?? 0) <= TRUTH && TRUTH <= (upper[i] ?? 0)))) misses += 1;
      if (peekedMiss(terms, FROM, TRUTH)) peekedMisses += 1;
    }
    expect(misses / LOGS).toBeLessThan(0.155);
    expect(misses).toBeGreaterThan(0); // not merely wide
    expect(peekedMisses / LOGS).toBeGreaterThan(0.25);
  });

  it.each([
    [{ errorRate: 0, rho: 1, from: 2 }, 'error rate'],
    [{ errorRate: 0.1, rho: 0, from: 2 }, 'rho'],
    [{ errorRate: 0.1, rho: 1, from: 1 }, 'no spread'],
  ])('refuses %j', (options, message) => {
    expect(() => asymptoticConfidenceSequence(new Float64Array(3), options)).toThrow(message);
  });
});

/** Whether a Student interval at 10 %, looked at every 100 rounds, misses at any of them. */
function peekedMiss(terms: Float64Array, from: number, truth: number): boolean {
  for (let t = from; t <= terms.length; t += 100) {
    const seen = terms.subarray(0, t);
    const mean = seen.reduce((sum, term) => sum + term, 0) / t;
    if (Math.abs(mean - truth) > studentTHalfWidth(seen, 0.05)) return true;
  }
  return false;
}
