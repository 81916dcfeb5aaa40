import { invariant } from '@vitrine/kernel';
import type { BinnedRows } from './feature-bins';
import { addLeaf, type TreeNodes } from './tree-nodes';
import { bestSplit, CELL, type RowSums, type Split, type SplitSearch } from './tree-split';

export interface GrowthRules {
  readonly learningRate: number;
  readonly maxLeaves: number;
  readonly minRowsPerLeaf: number;
  readonly l2: number;
}

/** First and second derivative of the loss by each row's log-odds, shape [rows]. */
export interface Derivatives {
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
}

interface Leaf {
  readonly node: number;
  /** Its rows: positions [from, to) of the tree's row order. */
  readonly from: number;
  readonly to: number;
  readonly sums: Readonly<RowSums>;
  /** Null for a leaf that stays one. */
  readonly histogram: Float64Array | null;
  readonly split: Split | null;
}

/**
 * Grows regression trees on binned rows, always at the leaf with the most to gain.
 *
 * A split builds the histogram of its smaller child only: the other one is what is left of the parent's. Histograms are kept from tree to
 * tree, so that growing allocates next to nothing.
 *
 * @see Ke et al., LightGBM, NeurIPS 2017, section 2
 */
export class TreeGrower {
  private readonly cells: number;
  private readonly spare: Float64Array[] = [];
  /** Derivatives and rows of one node, side by side: the gather is then done once and not per column. */
  private readonly packed: Float64Array;
  private readonly aside: Int32Array;

  constructor(
    private readonly binned: BinnedRows,
    private readonly rules: GrowthRules,
  ) {
    this.cells = binned.cells[binned.columns] ?? 0;
    this.packed = new Float64Array(2 * binned.rows);
    this.aside = new Int32Array(binned.rows);
  }

  /**
   * Appends one tree.
   *
   * @param order rows to learn from; is rearranged
   * @param columns inputs that may be used, ascending
   * @returns whether it found any split: a tree without is not appended
   */
  grow(
    nodes: TreeNodes,
    derivatives: Derivatives,
    { order, columns }: { readonly order: Int32Array; readonly columns: Int32Array },
  ): boolean {
    const search: SplitSearch = { binned: this.binned, columns, minRowsPerLeaf: this.rules.minRowsPerLeaf, l2: this.rules.l2 };
    const histogram = this.build({ order, from: 0, to: order.length }, derivatives, columns);
    const sums = sumsOf(order, derivatives);
    const split = bestSplit(search, histogram, sums);
    if (split === null) {
      this.spare.push(histogram);
      return false;
    }
    const leaves: Leaf[] = [{ node: addLeaf(nodes), from: 0, to: order.length, sums, histogram, split }];
    while (leaves.length < this.rules.maxLeaves) {
      const at = mostPromising(leaves);
      const leaf = leaves[at];
      if (leaf === undefined) break;
      const last = leaves.length + 1 === this.rules.maxLeaves;
      leaves.splice(at, 1, ...this.divide(leaf, { nodes, derivatives, order, search, last }));
    }
    for (const leaf of leaves) {
      nodes.value[leaf.node] = (-this.rules.learningRate * leaf.sums.gradient) / (leaf.sums.hessian + this.rules.l2);
      if (leaf.histogram !== null) this.spare.push(leaf.histogram);
    }
    return true;
  }

  private divide(leaf: Leaf, tree: Tree): readonly [Leaf, Leaf] {
    const { split, sums } = leaf;
    invariant(split !== null && leaf.histogram !== null, 'only a leaf with a split is divided');
    const middle = this.partition(tree.order, leaf, split);
    writeSplit(tree.nodes, leaf.node, split, this.binned);
    const left = { node: addLeaf(tree.nodes), from: leaf.from, to: middle, sums: split.left };
    const right = { node: addLeaf(tree.nodes), from: middle, to: leaf.to, sums: difference(sums, split.left) };
    tree.nodes.left[leaf.node] = left.node;
    tree.nodes.right[leaf.node] = right.node;
    const [small, large] = left.to - left.from <= right.to - right.from ? [left, right] : [right, left];
    const final = tree.last || large.sums.rows < 2 * this.rules.minRowsPerLeaf;
    if (final) {
      this.spare.push(leaf.histogram);
      return [
        { ...left, histogram: null, split: null },
        { ...right, histogram: null, split: null },
      ];
    }
    const histogram = this.build({ order: tree.order, ...small }, tree.derivatives, tree.search.columns);
    subtract(leaf.histogram, histogram);
    const searched = (child: typeof left, counts: Float64Array): Leaf => {
      return { ...child, histogram: counts, split: bestSplit(tree.search, counts, child.sums) };
    };
    return small === left
      ? [searched(left, histogram), searched(right, leaf.histogram)]
      : [searched(left, leaf.histogram), searched(right, histogram)];
  }

  /** Rows that go left first, both sides in their old order. @returns where the right side begins */
  private partition(order: Int32Array, { from, to }: Leaf, { column, bin, missingLeft }: Split): number {
    const { aside } = this;
    const { bins, rows, cuts } = this.binned;
    const base = column * rows;
    const missing = (cuts[column]?.length ?? 0) + 1;
    let left = from;
    let right = 0;
    for (let at = from; at < to; at++) {
      const row = order[at] ?? 0;
      const found = bins[base + row] ?? 0;
      if (found === missing ? missingLeft : found <= bin) order[left++] = row;
      else aside[right++] = row;
    }
    order.set(aside.subarray(0, right), left);
    return left;
  }

  private build({ order, from, to }: Rows, { gradients, hessians }: Derivatives, columns: Int32Array): Float64Array {
    const histogram = this.spare.pop() ?? new Float64Array(CELL * this.cells);
    histogram.fill(0);
    const { packed } = this;
    for (let at = from; at < to; at++) {
      const row = order[at] ?? 0;
      packed[2 * (at - from)] = gradients[row] ?? 0;
      packed[2 * (at - from) + 1] = hessians[row] ?? 0;
    }
    for (const column of columns) this.count(histogram, column, { order, from, to });
    return histogram;
  }

  private count(histogram: Float64Array, column: number, { order, from, to }: Rows): void {
    const { packed } = this;
    const { bins, rows, cells } = this.binned;
    const base = column * rows;
    const first = cells[column] ?? 0;
    for (let at = from; at < to; at++) {
      const cell = CELL * (first + (bins[base + (order[at] ?? 0)] ?? 0));
      histogram[cell] = (histogram[cell] ?? 0) + (packed[2 * (at - from)] ?? 0);
      histogram[cell + 1] = (histogram[cell + 1] ?? 0) + (packed[2 * (at - from) + 1] ?? 0);
      histogram[cell + 2] = (histogram[cell + 2] ?? 0) + 1;
    }
  }
}

interface Rows {
  readonly order: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** One tree in the making. */
interface Tree {
  readonly nodes: TreeNodes;
  readonly derivatives: Derivatives;
  readonly order: Int32Array;
  readonly search: SplitSearch;
  /** Whether this split makes the last leaves, which need no histogram any more. */
  readonly last: boolean;
}

function mostPromising(leaves: readonly Leaf[]): number {
  let best = -1;
  let most = 0;
  leaves.forEach(({ split }, at) => {
    if (split === null || split.gain <= most) return;
    most = split.gain;
    best = at;
  });
  return best;
}

function writeSplit(nodes: TreeNodes, node: number, { column, bin, missingLeft, gain }: Split, { cuts }: BinnedRows): void {
  nodes.feature[node] = column;
  nodes.threshold[node] = cuts[column]?.[bin] ?? Number.MAX_VALUE; // no cut after the last bin: every value goes left
  nodes.missingLeft[node] = missingLeft ? 1 : 0;
  nodes.gain[node] = gain;
}

function sumsOf(order: Int32Array, { gradients, hessians }: Derivatives): RowSums {
  const sums = { gradient: 0, hessian: 0, rows: order.length };
  for (const row of order) {
    sums.gradient += gradients[row] ?? 0;
    sums.hessian += hessians[row] ?? 0;
  }
  return sums;
}

function difference(whole: Readonly<RowSums>, part: Readonly<RowSums>): RowSums {
  return { gradient: whole.gradient - part.gradient, hessian: whole.hessian - part.hessian, rows: whole.rows - part.rows };
}

function subtract(from: Float64Array, what: Float64Array): void {
  for (let at = 0; at < from.length; at++) from[at] = (from[at] ?? 0) - (what[at] ?? 0);
}
