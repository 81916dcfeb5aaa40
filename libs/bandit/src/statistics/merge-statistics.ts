import { invariant } from '@vitrine/kernel';

/** Adds `source` to `target`, element by element: what two folds learned apart is what one fold would have learned. Same family and dimension. */
export function mergeStatistics(target: Float64Array, source: Float64Array): void {
  invariant(target.length === source.length, 'merged statistics have one layout');
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + (source[i] ?? 0);
}
