import { invariant } from '@vitrine/kernel';

/**
 * The Gibbs distribution p_a proportional to exp(score_a), with the largest score taken out before the exponentials (log-sum-exp), so that
 * no score is too large. Equal scores get bitwise equal probabilities.
 *
 * @param scores shape [>= n], the first n count, not NaN; an infinite largest score shares everything with its equals
 * @param out shape [n], n >= 1: sums to 1 within 1e-12
 */
export function gibbs(scores: Float64Array, n: number, out: Float64Array): void {
  invariant(n > 0 && out.length === n, 'one probability per eligible banner');
  let best = -Infinity;
  for (let i = 0; i < n; i++) best = Math.max(best, scores[i] ?? 0);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const score = scores[i] ?? 0;
    const weight = score === best ? 1 : Math.exp(score - best); // infinities have no difference
    out[i] = weight;
    total += weight;
  }
  for (let i = 0; i < n; i++) out[i] = (out[i] ?? 0) / total;
}
