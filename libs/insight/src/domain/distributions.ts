import { invariant } from '@vitrine/kernel';

const TINY = 1e-300;
const EPSILON = 1e-16;
const MAX_TERMS = 10_000;

/** Lanczos coefficients for g = 7, n = 9. @see Lanczos, SIAM J. Numer. Anal. B 1 (1964); coefficients by Godfrey (2001) */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** Natural logarithm of the gamma function, x > 0; relative error below 1e-13. */
export function logGamma(x: number): number {
  invariant(x > 0, 'logGamma takes positive numbers');
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const [first, ...rest] = LANCZOS;
  const z = x - 1;
  const series = rest.reduce<number>((sum, coefficient, i) => sum + coefficient / (z + i + 1), first);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(series);
}

/**
 * Regularised incomplete beta function I_x(a, b), by its continued fraction (modified Lentz).
 *
 * @see DLMF 8.17.22; Thompson & Barnett, J. Comput. Phys. 64 (1986) for the evaluation
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a); // the fraction converges fast on this side only
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  const coefficient = (i: number): number => {
    const m = Math.floor(i / 2);
    if (i % 2 === 0) return (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    return (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
  };
  return front / lentz(coefficient, () => 1);
}

/** Upper tail of chi-squared: P(X > x), x >= 0. @see DLMF 8.11.4 (series) and 8.9.2 (continued fraction) */
export function chiSquaredTail(x: number, degreesOfFreedom: number): number {
  const a = degreesOfFreedom / 2;
  const half = x / 2;
  if (half <= 0) return 1;
  const front = Math.exp(a * Math.log(half) - half - logGamma(a));
  if (half < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < MAX_TERMS && term > sum * EPSILON; n++) {
      term *= half / (a + n);
      sum += term;
    }
    return 1 - front * sum;
  }
  const b0 = half + 1 - a;
  return (
    front /
    lentz(
      (i) => -i * (i - a),
      (i) => b0 + 2 * i,
    )
  );
}

/** b0 + a1 / (b1 + a2 / (b2 + ...)) by the modified Lentz algorithm. */
function lentz(a: (i: number) => number, b: (i: number) => number): number {
  const guard = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let f = guard(b(0));
  let c = f;
  let d = 0;
  for (let i = 1; i < MAX_TERMS; i++) {
    d = 1 / guard(b(i) + a(i) * d);
    c = guard(b(i) + a(i) / c);
    const step = c * d;
    f *= step;
    if (Math.abs(step - 1) < EPSILON * 4) break;
  }
  return f;
}

/** P(T > t) of Student's t, t >= 0. */
function studentTail(t: number, degreesOfFreedom: number): number {
  return 0.5 * incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/**
 * The t with P(-t < T < t) = `level`, by bisection of the exact tail: slow and sure, as it is needed once per report.
 *
 * @param level in (0, 1)
 * @param degreesOfFreedom > 0; Infinity gives the normal distribution
 */
export function centralT(level: number, degreesOfFreedom: number): number {
  invariant(level > 0 && level < 1 && degreesOfFreedom > 0, 'a level inside (0, 1) and positive degrees of freedom');
  const tail = (1 - level) / 2;
  // Past 1e8 degrees of freedom t and normal agree to 1e-8, while the beta function loses digits.
  const above = (t: number): number => (degreesOfFreedom > 1e8 ? chiSquaredTail(t * t, 1) / 2 : studentTail(t, degreesOfFreedom));
  let low = 0;
  let high = 1;
  while (above(high) > tail) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2;
    if (above(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The z with P(-z < Z < z) = `level`. */
export function centralZ(level: number): number {
  return centralT(level, Number.POSITIVE_INFINITY);
}
