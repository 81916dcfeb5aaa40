import { invariant, mulberry32, shuffledOrder } from '@vitrine/kernel';

const WORD = 2 ** 32;

/**
 * The order in which a labelled data set is played: for each epoch e a Fisher-Yates shuffle of all rows by mulberry32 seeded
 * `(seed * 1000003 + e * 101 + 12345) mod 2^32`, epochs one after the other. The same rows in the same order as the reference results of
 * other libraries, so that means over seeds can be compared.
 *
 * @param rows at least 1
 * @param seed whole, at least 0
 * @param epochs passes over the data, at least 1
 * @returns shape [rows * epochs]: the row of each round
 */
export function labelledOrder(rows: number, { seed, epochs }: { readonly seed: number; readonly epochs: number }): Int32Array {
  invariant(rows >= 1 && epochs >= 1 && Number.isSafeInteger(seed) && seed >= 0, 'rows, epochs and seed are counts');
  const order = new Int32Array(rows * epochs);
  for (let epoch = 0; epoch < epochs; epoch++) {
    order.set(shuffledOrder(rows, mulberry32((seed * 1_000_003 + epoch * 101 + 12_345) % WORD)), epoch * rows);
  }
  return order;
}
