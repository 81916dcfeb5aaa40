import { invariant } from '@vitrine/kernel';

const HALF_LOG_TWO_PI = 0.9189385332046727;
/** B(2k) / (2k (2k - 1)), k = 1 .. 8: the coefficients of Stirling's series. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400] as const;
const SERIES_FROM = 12;

/** What Stirling's formula leaves out of log gamma at y >= SERIES_FROM. */
function stirlingTail(y: number): number {
  const inverse = 1 / y;
  const square = inverse * inverse;
  let tail = 0;
  for (let k = STIRLING.length - 1; k >= 0; k--) tail = tail * square + (STIRLING[k] ?? 0);
  return tail * inverse;
}

/**
 * Logarithm of the gamma function; error below 1e-14 relative to max(1, |result|).
 *
 * @param x positive, finite
 * @see Abramowitz & Stegun (1964), 6.1.41 (Stirling's series), reached from below by 6.1.15 (recurrence)
 */
export function logGamma(x: number): number {
  invariant(x > 0 && x < Infinity, 'logGamma takes positive numbers');
  let shift = 1;
  let y = x;
  while (y < SERIES_FROM) {
    shift *= y;
    y += 1;
  }
  return (y - 0.5) * Math.log(y) - y + HALF_LOG_TWO_PI + stirlingTail(y) - Math.log(shift);
}

/**
 * Logarithm of the beta function B(a, b); a, b positive. For large arguments the leading terms of the three gamma functions
 * are cancelled by hand: subtracted as numbers they would leave (a + b) 1e-15 of noise.
 *
 * @see Didonato & Morris, ACM TOMS 18 (1992), algorithm 708, section on BETALN
 */
export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < SERIES_FROM) return logGamma(small) + logGamma(large) - logGamma(small + large);
  const share = small / (small + large);
  const tails = stirlingTail(large) - stirlingTail(small + large);
  if (small < SERIES_FROM) {
    return logGamma(small) + tails + small - small * Math.log(small + large) + (large - 0.5) * Math.log1p(-share);
  }
  const leading = HALF_LOG_TWO_PI - 0.5 * Math.log(large);
  return leading + stirlingTail(small) + tails + (small - 0.5) * Math.log(share) + large * Math.log1p(-share);
}
