import { spreadOf } from './moments';

/**
 * Standard error of the mean of independent round terms: sqrt(sum (R - mean)^2 / (n - 1) / n).
 *
 * @param terms one per round, shape [n], n >= 2
 * @returns in units of the terms
 */
export function roundSe(terms: Float64Array): number {
  const { n, squares } = spreadOf(terms);
  return Math.sqrt(squares / (n - 1) / n);
}
