import { rngFromNumber } from '@vitrine/kernel';
import { incompleteBeta } from '../numeric/incomplete-beta';
import { NORMAL_CELLS_PER_SD, NORMAL_REACH, STANDARD_NORMAL } from '../numeric/standard-normal';
import { cdfAt } from '../numeric/piecewise-cdf';
import { VariateSource } from './variate-source';

const DRAWS = 40_000;
const MANY = 1_000_000;
const CELLS = 40;
/** Chi-squared with 39 degrees of freedom exceeds 98 with probability 6e-7. */
const LIMIT = 98;

/** Chi-squared of probability transforms, which are uniform if the law is right. */
function chiSquared(transformed: () => number, draws = DRAWS): number {
  const counts = new Float64Array(CELLS);
  for (let i = 0; i < draws; i++) {
    const cell = Math.min(Math.floor(transformed() * CELLS), CELLS - 1);
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const expected = draws / CELLS;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('VariateSource', () => {
  it('draws standard normals', () => {
    const variates = new VariateSource(rngFromNumber(1));
    const cdf = (z: number): number => cdfAt(STANDARD_NORMAL, (z + NORMAL_REACH) * NORMAL_CELLS_PER_SD);
    expect(chiSquared(() => cdf(variates.normal()))).toBeLessThan(LIMIT);
  });

  it.each([
    [1, 1],
    [0.3, 0.6],
    [3, 300],
    [40, 2],
    [1, 100],
  ])('draws Beta(%d, %d), whose gammas have shapes on both sides of 1', (a, b) => {
    const variates = new VariateSource(rngFromNumber(2));
    expect(chiSquared(() => incompleteBeta(variates.beta(a, b), a, b))).toBeLessThan(LIMIT);
  });

  it('draws exponentials as gammas of shape 1, where rejection matters most', () => {
    const variates = new VariateSource(rngFromNumber(4));
    expect(chiSquared(() => -Math.expm1(-variates.gamma(1)), MANY)).toBeLessThan(LIMIT);
  });

  it('draws gammas with their mean and variance', () => {
    const variates = new VariateSource(rngFromNumber(3));
    const draws = Float64Array.from({ length: DRAWS }, () => variates.gamma(7.5));
    const mean = draws.reduce((sum, x) => sum + x, 0) / DRAWS;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / DRAWS;
    // Within 5 standard errors: the fourth central moment is 3 k^2 + 6 k.
    expect(Math.abs(mean - 7.5)).toBeLessThan(5 * Math.sqrt(7.5 / DRAWS));
    expect(Math.abs(variance - 7.5)).toBeLessThan(5 * Math.sqrt((2 * 7.5 ** 2 + 6 * 7.5) / DRAWS));
  });

  it('refuses a shape that is not positive', () => {
    expect(() => new VariateSource(rngFromNumber(1)).gamma(0)).toThrow('positive shape');
  });
});
