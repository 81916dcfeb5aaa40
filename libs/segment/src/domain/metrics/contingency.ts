import { invariant } from '@vitrine/kernel';

/** How often each label of one labelling meets each of another. */
export interface Contingency {
  readonly rows: number;
  /** Rows per pair of labels that occurs. */
  readonly cells: readonly { readonly a: number; readonly b: number; readonly count: number }[];
  /** Rows per label of the first and of the second labelling, at the label's index. */
  readonly sizesA: Float64Array;
  readonly sizesB: Float64Array;
}

/** @param a labels >= 0, shape [rows]; @param b the same rows' other labels, shape [rows], not empty */
export function contingency(a: Int32Array, b: Int32Array): Contingency {
  invariant(a.length === b.length && a.length > 0, 'two labels per row');
  const widthB = highest(b) + 1;
  const sizesA = new Float64Array(highest(a) + 1);
  const sizesB = new Float64Array(widthB);
  const counts = new Float64Array(sizesA.length * widthB);
  for (let row = 0; row < a.length; row++) {
    const labelA = a[row] ?? 0;
    const labelB = b[row] ?? 0;
    sizesA[labelA] = (sizesA[labelA] ?? 0) + 1;
    sizesB[labelB] = (sizesB[labelB] ?? 0) + 1;
    const cell = labelA * widthB + labelB;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const cells = Array.from(counts, (count, cell) => ({ a: Math.floor(cell / widthB), b: cell % widthB, count }));
  return { rows: a.length, cells: cells.filter(({ count }) => count > 0), sizesA, sizesB };
}

function highest(labels: Int32Array): number {
  let most = 0;
  for (const label of labels) {
    invariant(label >= 0, 'labels count from 0');
    most = Math.max(most, label);
  }
  return most;
}
