import { contingency } from './contingency';

/**
 * What one labelling tells about another, as a share of the mean of their entropies.
 *
 * @param a labels >= 0, shape [rows], not empty
 * @param b the same rows' other labels
 * @returns in [0, 1]; 1 for labellings that differ only in their names, also where both have one single label
 * @see Vinh, Epps & Bailey, JMLR 11 (2010), table 2: NMI_sum
 */
export function normalizedMutualInformation(a: Int32Array, b: Int32Array): number {
  const { rows, cells, sizesA, sizesB } = contingency(a, b);
  const entropies = entropy(sizesA, rows) + entropy(sizesB, rows);
  if (entropies === 0) return 1;
  let information = 0;
  for (const cell of cells) {
    const ratio = (cell.count * rows) / ((sizesA[cell.a] ?? 0) * (sizesB[cell.b] ?? 0));
    information += (cell.count / rows) * Math.log(ratio);
  }
  // Rounding can leave a hair below 0 where the labellings are unrelated.
  return Math.min(1, Math.max(0, (2 * information) / entropies));
}

function entropy(sizes: Float64Array, rows: number): number {
  let sum = 0;
  for (const size of sizes) if (size > 0) sum -= (size / rows) * Math.log(size / rows);
  return sum;
}
