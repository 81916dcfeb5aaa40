import { DomainError, invariant } from '@vitrine/kernel';

/**
 * Mean of outcomes that can be learned from.
 *
 * @param target 1 where the outcome happened, else 0, shape [rows]
 * @returns in (0, 1)
 * @throws TARGET_CONSTANT when the outcome is the same in all rows (or there are none): log-odds would be infinite
 */
export function learnableRate(target: Float64Array, rows: number): number {
  invariant(target.length === rows, 'one outcome per row');
  let positives = 0;
  for (const outcome of target) {
    invariant(outcome === 0 || outcome === 1, 'an outcome is 0 or 1');
    positives += outcome;
  }
  if (positives > 0 && positives < rows) return positives / rows;
  throw new DomainError('TARGET_CONSTANT', `all of ${rows} rows have the same outcome`, { details: { rows } });
}
