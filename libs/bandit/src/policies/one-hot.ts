import { invariant } from '@vitrine/kernel';

/** Gives the whole probability to the best score; ties share it, so that order cannot matter. */
export function oneHot(scores: Float64Array, n: number, out: Float64Array): void {
  invariant(n > 0 && out.length === n, 'one probability per eligible banner');
  let best = -Infinity;
  let ties = 0;
  for (let i = 0; i < n; i++) {
    const score = scores[i] ?? 0;
    if (score > best) {
      best = score;
      ties = 1;
    } else if (score === best) ties++;
  }
  for (let i = 0; i < n; i++) out[i] = scores[i] === best ? 1 / ties : 0;
}
