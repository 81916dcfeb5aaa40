import { contingency } from './contingency';

/**
 * Share of pairs of rows that two labellings treat alike, corrected so that unrelated labellings score 0 on average.
 *
 * @param a labels >= 0, shape [rows], not empty
 * @param b the same rows' other labels
 * @returns at most 1, for labellings that differ only in their names; may be below 0
 * @see Hubert & Arabie, Comparing Partitions, Journal of Classification 2 (1985), equation 5
 */
export function adjustedRandIndex(a: Int32Array, b: Int32Array): number {
  const { rows, cells, sizesA, sizesB } = contingency(a, b);
  const pairsA = sumOfPairs(sizesA);
  const pairsB = sumOfPairs(sizesB);
  const both = sumOfPairs(Float64Array.from(cells, ({ count }) => count));
  const all = (rows * (rows - 1)) / 2;
  // Both in one cluster, or every row alone in both: alike, but the formula divides 0 by 0.
  if ((pairsA === all && pairsB === all) || (pairsA === 0 && pairsB === 0)) return 1;
  const expected = (pairsA * pairsB) / all;
  return (both - expected) / ((pairsA + pairsB) / 2 - expected);
}

function sumOfPairs(sizes: Float64Array): number {
  let sum = 0;
  for (const size of sizes) sum += (size * (size - 1)) / 2;
  return sum;
}
