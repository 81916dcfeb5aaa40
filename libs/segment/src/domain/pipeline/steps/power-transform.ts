import { invariant } from '@vitrine/kernel';
import { maximumOf, meanOf, minimumOf, varies } from './column-statistics';

/** ((1 + x)^lambda - 1) / lambda for x >= 0, mirrored with 2 - lambda below. NaN stays NaN. @see Yeo & Johnson, Biometrika 87 (2000) */
export function yeoJohnson(x: number, lambda: number): number {
  return x < 0 ? -powered(Math.log1p(-x), 2 - lambda) : powered(Math.log1p(x), lambda);
}

/** (x^lambda - 1) / lambda for x > 0. NaN stays NaN. @see Box & Cox, Journal of the Royal Statistical Society B 26 (1964) */
export function boxCox(x: number, lambda: number): number {
  return powered(Math.log(x), lambda);
}

/**
 * The power of greatest likelihood, under which the values look most normal. 1, which changes nothing but the origin, for values that do
 * not vary.
 *
 * The likelihood is concave in lambda, so its derivative has one root; that is found to the last digits, where a search for the maximum
 * itself stops at half of them.
 *
 * @param present no missing value; positive ones for Box-Cox
 * @see Kouider & Chen, Concavity of Box-Cox log-likelihood function, Statistics & Probability Letters 25 (1995)
 */
export function fitPower(present: Float64Array, method: 'yeo-johnson' | 'box-cox'): number {
  const logs = method === 'box-cox' ? logsOf(present) : signedLogsOf(present);
  const least = minimumOf(logs);
  if (!varies(maximumOf(logs) - least, least)) return 1;
  const slope = slopeOf(logs, method === 'box-cox' ? boxCoxParts : yeoJohnsonParts);
  return rootOf(slope.at, slope.limit);
}

/** (e^(a l) - 1) / a, and its limit l at a = 0. */
function powered(l: number, a: number): number {
  return a === 0 ? l : Math.expm1(a * l) / a;
}

/** Derivative of `powered` by a. Near a = 0 the closed form cancels, so its series is summed: l^2 sum over j of (j + 1) (a l)^j / (j + 2)!. */
function poweredSlope(l: number, a: number): number {
  const t = a * l;
  if (Math.abs(t) > SERIES_BELOW) return (Math.exp(t) * l - Math.expm1(t) / a) / a;
  let term = 1 / 2;
  let sum = 0;
  for (let j = 0; j < SERIES_TERMS; j++) {
    sum += (j + 1) * term;
    term *= t / (j + 3);
  }
  return l * l * sum;
}

const SERIES_BELOW = 0.1;
const SERIES_TERMS = 10;
/** Exponents beyond which a power leaves the range of doubles when squared. */
const LARGEST_EXPONENT = 300;

interface Slope {
  /** Derivative of the log-likelihood per row by lambda, at lambda. */
  readonly at: (lambda: number) => number;
  /** |lambda| up to which nothing overflows. */
  readonly limit: number;
}

/** A value and its derivative by lambda, from its logarithm. */
type Parts = (log: number, lambda: number) => { readonly y: number; readonly dy: number };

/** In units of the geometric mean: the same lambda, and powers that stay in range. */
function logsOf(present: Float64Array): Float64Array {
  const logs = present.map(Math.log);
  const center = meanOf(logs);
  return logs.map((log) => log - center);
}

const signedLogsOf = (present: Float64Array): Float64Array => present.map((x) => (x < 0 ? -Math.log1p(-x) : Math.log1p(x)));
const boxCoxParts: Parts = (log, lambda) => ({ y: powered(log, lambda), dy: poweredSlope(log, lambda) });
const yeoJohnsonParts: Parts = (log, lambda) =>
  log < 0 ? { y: -powered(-log, 2 - lambda), dy: poweredSlope(-log, 2 - lambda) } : boxCoxParts(log, lambda);

/** -n/2 log var(y) + (lambda - 1) sum of signed logs, derived: the mean log less cov(y, y') / var(y). */
function slopeOf(logs: Float64Array, parts: Parts): Slope {
  const mean = meanOf(logs);
  const values = new Float64Array(logs.length);
  const slopes = new Float64Array(logs.length);
  const at = (lambda: number): number => {
    logs.forEach((log, row) => {
      const { y, dy } = parts(log, lambda);
      values[row] = y;
      slopes[row] = dy;
    });
    const center = meanOf(values);
    const slopeCenter = meanOf(slopes);
    let together = 0;
    let own = 0;
    values.forEach((value, row) => {
      together += (value - center) * ((slopes[row] ?? 0) - slopeCenter);
      own += (value - center) ** 2;
    });
    return mean - together / own;
  };
  const largest = Math.max(maximumOf(logs), -minimumOf(logs));
  return { at, limit: LARGEST_EXPONENT / largest };
}

/**
 * Where a falling function crosses 0, by the Illinois rule of false position within a bracket that doubles until it holds the root or meets
 * the limit; then the limit is the answer.
 *
 * @see Dowell & Jarratt, A modified regula falsi method, BIT 11 (1971)
 */
function rootOf(slope: (lambda: number) => number, limit: number): number {
  let low = Math.max(-limit, -2);
  let high = Math.min(limit, 2);
  while (!(slope(low) > 0)) {
    if (low <= -limit) return low;
    low = Math.max(-limit, low * 2);
  }
  while (!(slope(high) < 0)) {
    if (high >= limit) return high;
    high = Math.min(limit, high * 2);
  }
  return falsePosition(slope, low, high);
}

const TIGHT = 1e-14;
const MOST_STEPS = 200;

function falsePosition(slope: (lambda: number) => number, from: number, to: number): number {
  let [a, b, atA, atB] = [from, to, slope(from), slope(to)];
  invariant(atA > 0 && atB < 0, 'the bracket holds the root');
  for (let step = 0; step < MOST_STEPS && Math.abs(b - a) > TIGHT * Math.max(1, Math.abs(b)); step++) {
    const next = b - (atB * (b - a)) / (atB - atA);
    const atNext = slope(next);
    if (atNext === 0) return next;
    if (atNext < 0 === atB < 0) atA /= 2;
    else [a, atA] = [b, atB];
    [b, atB] = [next, atNext];
  }
  return b;
}
