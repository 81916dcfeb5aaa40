import type { BoostedTreesModel } from './response-model';

type NodeArray = 'feature' | 'threshold' | 'missingLeft' | 'left' | 'right' | 'value' | 'gain';

/** Trees under construction, in the layout of the model. */
export type TreeNodes = Record<NodeArray, number[]>;

export function noNodes(): TreeNodes {
  return { feature: [], threshold: [], missingLeft: [], left: [], right: [], value: [], gain: [] };
}

/** Appends a leaf. @returns its index */
export function addLeaf(nodes: TreeNodes): number {
  nodes.feature.push(-1);
  for (const name of ['threshold', 'missingLeft', 'left', 'right', 'value', 'gain'] as const) nodes[name].push(0);
  return nodes.feature.length - 1;
}

/** What walking a tree reads; plain and typed arrays alike. */
export type WalkableTrees = {
  readonly [Name in Exclude<NodeArray, 'gain'>]: BoostedTreesModel[Name] | Float64Array | Int32Array | Uint8Array;
};

/** Value of the leaf that a row falls into, from the node `root` on; values that are not finite are missing. */
export function treeValue(trees: WalkableTrees, root: number, values: Float64Array, offset: number): number {
  let node = root;
  for (;;) {
    const feature = trees.feature[node] ?? -1;
    if (feature < 0) return trees.value[node] ?? 0;
    const value = values[offset + feature] ?? 0;
    const isFinite = value - value === 0; // what Number.isFinite says, without a look-up of a global in the innermost loop
    const goesLeft = isFinite ? value <= (trees.threshold[node] ?? 0) : trees.missingLeft[node] === 1;
    node = (goesLeft ? trees.left[node] : trees.right[node]) ?? 0;
  }
}
