import { invariant } from '@vitrine/kernel';
import { gaussLegendre } from './gauss-legendre';
import { incompleteBeta } from './incomplete-beta';
import { logBeta } from './log-gamma';

/** Above it the density is close enough to the normal one for quadrature; below, its heavy tails are, but the beta function is exact. */
const QUADRATURE_ABOVE = 30;
const RULE = gaussLegendre(64);
const NEWTON_LIMIT = 500;

/** Logarithm of the density at 0. */
function logPeak(degreesOfFreedom: number): number {
  if (degreesOfFreedom === Infinity) return -0.5 * Math.log(2 * Math.PI);
  return -logBeta(0.5, degreesOfFreedom / 2) - 0.5 * Math.log(degreesOfFreedom);
}

/** Density over its peak. Written with log1p, so that nothing cancels however many degrees of freedom there are. */
function shape(t: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom === Infinity) return Math.exp(-0.5 * t * t);
  return Math.exp(-0.5 * (degreesOfFreedom + 1) * Math.log1p((t * t) / degreesOfFreedom));
}

/**
 * Density of Student's t.
 *
 * @param degreesOfFreedom > 0; Infinity is the standard normal distribution
 */
export function studentTDensity(t: number, degreesOfFreedom: number): number {
  return Math.exp(logPeak(degreesOfFreedom)) * shape(t, degreesOfFreedom);
}

/** P(T > t) for t >= 0. The beta function would lose (degrees of freedom) 1e-15 of it, which is why quadrature takes over. */
function upperTail(t: number, degreesOfFreedom: number, peak: number): number {
  if (degreesOfFreedom <= QUADRATURE_ABOVE)
    return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2;
  let mass = 0;
  for (let k = 0; k < RULE.nodes.length; k++) mass += (RULE.weights[k] ?? 0) * shape(t * (RULE.nodes[k] ?? 0), degreesOfFreedom);
  return 0.5 - peak * mass * t;
}

/**
 * The t with P(T <= t) = `probability`. Relative error below 1e-12 for probabilities in [0.001, 0.999], 1e-9 in [1e-6, 1 - 1e-6]: further
 * out the tail is a difference of nearly equal numbers.
 *
 * @param probability in (0, 1)
 * @param degreesOfFreedom > 0; Infinity gives the normal quantile
 * @see Abramowitz & Stegun (1964), 26.7.1
 */
export function studentTQuantile(probability: number, degreesOfFreedom: number): number {
  invariant(probability > 0 && probability < 1, 'a quantile is taken at a probability inside (0, 1)');
  invariant(degreesOfFreedom > 0, 'Student t has positive degrees of freedom');
  if (probability < 0.5) return -upperPoint(probability, degreesOfFreedom);
  return upperPoint(1 - probability, degreesOfFreedom);
}

/** Newton from 0: the tail is convex there, so that every step stays short of the root and none overshoots. */
function upperPoint(tail: number, degreesOfFreedom: number): number {
  const peak = Math.exp(logPeak(degreesOfFreedom));
  let t = 0;
  for (let i = 0; i < NEWTON_LIMIT; i++) {
    const step = (upperTail(t, degreesOfFreedom, peak) - tail) / (peak * shape(t, degreesOfFreedom));
    if (!(step > 1e-15 * t)) return t;
    t += step;
  }
  return t;
}
