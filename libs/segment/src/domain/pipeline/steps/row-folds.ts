import { invariant, murmur3 } from '@vitrine/kernel';
import { numberOrNaN } from '../number-range';
import type { RawTable } from '../raw-table';

/** A fold per row. @param folds at least 2 */
export interface FoldRequest {
  /** A number per row that stands for what it holds, in no order that means anything. */
  readonly keys: Float64Array;
  readonly target: Float64Array;
  readonly folds: number;
}

/**
 * Deals the rows of each target class to the folds in turn, in the order of their keys: stratified, equal but for one row per class, and
 * the same for the same rows in another order (rows of equal keys are alike).
 */
export function stratifiedFolds({ keys, target, folds }: FoldRequest): Int32Array {
  invariant(keys.length === target.length && folds >= 2, 'one key and target per row, and two folds');
  const order = Uint32Array.from(keys.keys()).sort((a, b) => (target[a] ?? 0) - (target[b] ?? 0) || (keys[a] ?? 0) - (keys[b] ?? 0));
  const foldOf = new Int32Array(keys.length);
  order.forEach((row, at) => (foldOf[row] = at % folds));
  return foldOf;
}

const TWO_POW_21 = 2 ** 21;

/** 53 bits of what each row of the table holds, under a seed. */
export function rowKeys(table: RawTable, seed: number): Float64Array {
  const high = new Uint32Array(table.rows).fill(seed >>> 0);
  const low = new Uint32Array(table.rows).fill(~seed >>> 0);
  for (const column of table.columns) {
    const words = column.kind === 'NUMERIC' ? wordsOfNumbers(column.values) : wordsOfTexts(column.codes, column.categories);
    for (let row = 0; row < table.rows; row++) {
      high[row] = mixed(high[row] ?? 0, words[2 * row] ?? 0, words[2 * row + 1] ?? 0);
      low[row] = mixed(low[row] ?? 0, words[2 * row + 1] ?? 0, words[2 * row] ?? 0);
    }
  }
  return Float64Array.from(high, (word, row) => word * TWO_POW_21 + ((low[row] ?? 0) >>> 11));
}

/** The two halves of each double; all kinds of missing value are one. */
function wordsOfNumbers(values: Float64Array): Uint32Array {
  const clean = values.map(numberOrNaN);
  return new Uint32Array(clean.buffer);
}

function wordsOfTexts(codes: Int32Array, categories: readonly string[]): Uint32Array {
  const hashes = categories.map((text) => [murmur3(text, 1), murmur3(text, 2)] as const);
  const words = new Uint32Array(2 * codes.length);
  codes.forEach((code, row) => words.set(hashes[code] ?? [0, 0], 2 * row));
  return words;
}

/** One round of a multiplicative mix of two words into a third. */
function mixed(state: number, first: number, second: number): number {
  const one = Math.imul(state ^ first, 0x9e3779b1);
  const two = Math.imul((one ^ (one >>> 15)) + second, 0x85ebca6b);
  return (two ^ (two >>> 13)) >>> 0;
}
