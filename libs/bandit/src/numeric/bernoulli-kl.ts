import { invariant } from '@vitrine/kernel';

const STEPS = 60;
const PRECISION = 1e-13;

/**
 * Kullback-Leibler divergence of Bernoulli(p) from Bernoulli(q), in nats: p ln(p / q) + (1 - p) ln((1 - p) / (1 - q)). Written in the
 * difference q - p where that is small, so that close rates keep their digits.
 *
 * @param p in [0, 1]
 * @param q in [0, 1]; Infinity where q rules out what p allows
 */
export function bernoulliKl(p: number, q: number): number {
  if (p === q) return 0;
  const successes = p > 0 ? -p * (q < 2 * p ? Math.log1p((q - p) / p) : Math.log(q) - Math.log(p)) : 0;
  const failures = p < 1 ? -(1 - p) * Math.log1p((p - q) / (1 - p)) : 0;
  return successes + failures;
}

/**
 * The largest rate q >= p within a divergence of p: max { q in [p, 1] : kl(p, q) <= budget }, to 1e-12.
 *
 * Newton's method from above: kl(p, .) is convex and rises on [p, 1), so that iterates fall towards the root without passing it; a step
 * that rounding takes past what was tried before ends there.
 *
 * @param p in [0, 1]
 * @param budget at least 0, in nats
 */
export function klUpperBound(p: number, budget: number): number {
  invariant(p >= 0 && p <= 1 && budget >= 0, 'a rate lies in [0, 1], a divergence is not negative');
  if (p === 1 || budget === 0) return p;
  if (p === 0) return -Math.expm1(-budget);
  let low = p;
  let high = startAbove(p, budget);
  let q = high;
  for (let step = 0; step < STEPS && q < 1; step++) {
    const excess = bernoulliKl(p, q) - budget;
    if (excess > 0) high = q;
    else low = q;
    const newton = q - (excess * q * (1 - q)) / (q - p);
    const next = Math.min(Math.max(newton, low), high);
    const moved = next - q;
    q = next;
    // The error left is about the square of a step times f'' / (2 f'), which is below 1 / (q - p) + 1 / (1 - q).
    if (moved === 0 || moved * moved < PRECISION * Math.min(q - p, 1 - q)) break;
  }
  return q;
}

/** A point at or above the root: kl(p, q) >= (q - p)^2 / (2 q) is close for small rates, the share of failures alone for large budgets. */
function startAbove(p: number, budget: number): number {
  const byVariance = p + budget + Math.sqrt(budget * (budget + 2 * p));
  if (byVariance < 0.5) return byVariance;
  const entropy = -p * Math.log(p) - (1 - p) * Math.log1p(-p);
  return Math.min(byVariance, -Math.expm1(-(budget + entropy) / (1 - p)));
}
