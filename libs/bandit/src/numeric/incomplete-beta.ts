import { invariant } from '@vitrine/kernel';
import { logBeta } from './log-gamma';

const TINY = 1e-300;
const EPSILON = 1e-16;

const awayFromZero = (x: number): number => (Math.abs(x) < TINY ? TINY : x);

/**
 * Continued fraction of I_x(a, b) by the modified Lentz method: I_x(a, b) = x^a (1 - x)^b / (a B(a, b)) times it. Converges fast for
 * x < (a + 1) / (a + b + 2); relative precision however small I_x is.
 */
export function betaFraction(x: number, a: number, b: number): number {
  const limit = 200 + 10 * Math.sqrt(Math.max(a, b)); // it takes O(sqrt(max(a, b))) steps
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= limit; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < EPSILON) break;
  }
  return fraction;
}

/**
 * Regularised incomplete beta function I_x(a, b): the chance that a Beta(a, b) variate is at most x.
 * Absolute error below 1e-13 + (a + b) 1e-15: for large shapes the logarithms cancel.
 *
 * @param x in [0, 1]
 * @see Abramowitz & Stegun (1964), 26.5.8; Lentz, Applied Optics 15 (1976)
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  invariant(x >= 0 && x <= 1 && a > 0 && b > 0, 'incompleteBeta takes x in [0, 1] and positive shapes');
  if (x === 0 || x === 1) return x;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b));
  if (x < (a + 1) / (a + b + 2)) return (front * betaFraction(x, a, b)) / a;
  return 1 - (front * betaFraction(1 - x, b, a)) / b;
}
