import { invertRidged } from './cholesky';
import { gaussLegendre } from './gauss-legendre';
import { incompleteBeta } from './incomplete-beta';
import { logBeta, logGamma } from './log-gamma';

describe('logGamma', () => {
  // mpmath 1.3, 40 digits.
  it.each([
    [0.001, 6.9071788853838537],
    [0.5, 0.57236494292470009],
    [1, 0],
    [1.5, -0.12078223763524522],
    [3, 0.69314718055994531],
    [11.9, 17.258477450595521],
    [12, 17.502307845873886],
    [100.25, 360.28455963776423],
    [12345.678, 103959.91990554606],
    [1e9, 19723265827.503717],
  ])('of %d is %d', (x, expected) => {
    expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-14 * Math.max(1, Math.abs(expected)));
  });

  it('gives the beta function', () => {
    expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 14);
    expect(logBeta(3, 20)).toBeCloseTo(-Math.log(4620), 13); // (2! 19!) / 22!
    expect(logBeta(20, 30)).toBeCloseTo(logGamma(20) + logGamma(30) - logGamma(50), 12);
  });

  it.each([0, -1, Number.NaN, Infinity])('refuses %d', (x) => {
    expect(() => logGamma(x)).toThrow('positive');
  });
});

describe('incompleteBeta', () => {
  // mpmath 1.3, 30 digits; the last column is the error that the docstring allows at these shapes.
  it.each([
    [0.3, 2, 5, 0.579825, 1e-13],
    [0.5, 0.5, 0.5, 0.5, 1e-13],
    [0.01, 0.1, 0.1, 0.32030825037562634, 1e-13],
    [0.02, 21, 981, 0.44269913562202292, 1.2e-12],
    [0.051, 50.5, 950.5, 0.54876581908335115, 1.2e-12],
    [0.999, 10, 0.2, 0.57054381441914209, 1e-13],
    [0.6, 300, 200, 0.49757138368006841, 1e-13],
    [1e-6, 0.5, 2000, 0.050425893922712221, 2.2e-12],
    [0.5003, 1_000_000, 1_000_000, 0.80192803715791104, 1e-9],
  ])('at %d with shapes %d and %d is %d', (...[x, a, b, expected, error]) => {
    expect(Math.abs(incompleteBeta(x, a, b) - expected)).toBeLessThan(error);
  });

  it('runs from 0 to 1 and refuses what lies outside', () => {
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
    expect(() => incompleteBeta(1.1, 2, 3)).toThrow('x in [0, 1]');
    expect(() => incompleteBeta(0.5, 0, 3)).toThrow('positive shapes');
  });
});

describe('gaussLegendre', () => {
  it.each([2, 5, 16, 64])('with %d nodes is exact for polynomials up to degree 2 n - 1', (n) => {
    const { nodes, weights } = gaussLegendre(n);
    for (const power of [0, 1, n, 2 * n - 1]) {
      const integral = weights.reduce((sum, weight, i) => sum + weight * (nodes[i] ?? 0) ** power, 0);
      expect(integral).toBeCloseTo(1 / (power + 1), 13);
    }
  });

  it('refuses sizes it was not made for', () => {
    expect(() => gaussLegendre(1)).toThrow('2 to 64');
  });
});

describe('invertRidged', () => {
  it('inverts a matrix known in closed form', () => {
    const out = new Float64Array(3);
    invertRidged(Float64Array.of(3, 2, 4), 1, out, new Float64Array(4)); // [[4, 2], [2, 5]], determinant 16
    expect([...out].map((x) => x * 16)).toEqual([expect.closeTo(5, 12), expect.closeTo(-2, 12), expect.closeTo(4, 12)]);
  });

  it('raises a pivot that rounding made negative to the ridge', () => {
    const out = new Float64Array(1);
    invertRidged(Float64Array.of(-1e-9), 1e-10, out, new Float64Array(1));
    expect(out[0]).toBeCloseTo(1e10, -2);
  });
});
