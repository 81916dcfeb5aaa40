import { shuffledOrder, type Rng } from '@vitrine/kernel';

/** Numbers of at most `limit` of `rows` rows, without replacement, in random order; of all of them, too. */
export function sampleOrder(rows: number, limit: number, rng: Rng): Int32Array {
  return shuffledOrder(rows, rng).subarray(0, Math.min(rows, limit));
}
