import { sigmoid } from '@vitrine/bandit';
import { invariant, rngFromNumber, shuffledOrder, type Rng } from '@vitrine/kernel';
import type { RowMatrix } from '../row-matrix';
import { binRows } from './feature-bins';
import type { BoostedTreesModel } from './response-model';
import { learnableRate } from './training-target';
import { TreeGrower, type GrowthRules } from './tree-grower';
import { noNodes, treeValue, type TreeNodes } from './tree-nodes';

export interface BoostedTreesOptions extends GrowthRules {
  /** Trees wanted; fewer come back when they stop to help. */
  readonly trees: number;
  /** Most bins per input, in [2, 255]. */
  readonly bins: number;
  /** Share of inputs that each tree may use, in (0, 1]. */
  readonly featureFraction?: number;
  /** Share of rows that each tree learns from, in (0, 1]. */
  readonly rowFraction?: number;
  /** Draws the inputs and rows of each tree; without fractions nothing is drawn. */
  readonly seed: number;
  /** Rows that are not learned from: no more trees once so many in a row did not lower their loss; those in vain are dropped. */
  readonly validation?: { readonly rows: RowMatrix; readonly target: Float64Array; readonly patience: number };
}

/**
 * Gradient-boosted trees for the chance of an outcome: logistic loss, Newton leaf values, histograms, growth by the best leaf. Inputs may be
 * missing (anything not finite); each split learns which way they go. The same rows, options and seed give the same model, bit for bit.
 *
 * @param rows inputs, shape [n][d]; their scale does not matter
 * @param target 1 or 0 per row
 * @throws TARGET_CONSTANT when all outcomes are the same
 * @see Friedman, Greedy Function Approximation: A Gradient Boosting Machine, Annals of Statistics 29 (2001), section 4.5; Friedman,
 *   Stochastic Gradient Boosting, Computational Statistics & Data Analysis 38 (2002)
 */
export function trainBoostedTrees(rows: RowMatrix, target: Float64Array, options: BoostedTreesOptions): BoostedTreesModel {
  const rate = learnableRate(target, rows.rows);
  invariant(options.maxLeaves >= 2 && options.minRowsPerLeaf >= 1 && options.l2 >= 0, 'trees have leaves, leaves have rows');
  const baseline = Math.log(rate / (1 - rate));
  const grower = new TreeGrower(binRows(rows, options.bins), options);
  const derivatives = { gradients: new Float64Array(rows.rows), hessians: new Float64Array(rows.rows) };
  const draw = createDraw(rows, options);
  const learned = new Scores(rows, target, baseline);
  const watch = options.validation === undefined ? null : new Watch(options.validation, baseline);
  const nodes = noNodes();
  const roots: number[] = [];
  for (let tree = 0; tree < options.trees; tree++) {
    learned.derive(derivatives.gradients, derivatives.hessians);
    const root = nodes.feature.length;
    if (!grower.grow(nodes, derivatives, draw())) continue; // another draw may see more
    roots.push(root);
    learned.add(nodes, root);
    if (watch?.isOver(nodes, root, roots.length) === true) break;
  }
  return assemble(nodes, roots.slice(0, watch?.bestTrees ?? roots.length), { inputs: rows.columns, baseline });
}

/** Log-odds of rows, kept up to date tree by tree. */
class Scores {
  private readonly logOdds: Float64Array;

  constructor(
    private readonly rows: RowMatrix,
    private readonly target: Float64Array,
    baseline: number,
  ) {
    this.logOdds = new Float64Array(rows.rows).fill(baseline);
  }

  /** Walks the finished tree as serving will, so that what was learned on is what is predicted. */
  add(nodes: TreeNodes, root: number): void {
    const { columns, values } = this.rows;
    for (let row = 0; row < this.rows.rows; row++)
      this.logOdds[row] = (this.logOdds[row] ?? 0) + treeValue(nodes, root, values, row * columns);
  }

  derive(gradients: Float64Array, hessians: Float64Array): void {
    this.logOdds.forEach((z, row) => {
      const p = sigmoid(z);
      gradients[row] = p - (this.target[row] ?? 0);
      hessians[row] = p * (1 - p);
    });
  }

  /** Summed over rows, in nats. */
  loss(): number {
    let loss = 0;
    this.logOdds.forEach((z, row) => {
      const margin = this.target[row] === 1 ? -z : z;
      loss += margin > 0 ? margin + Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin));
    });
    return loss;
  }
}

/** Remembers after how many trees the held-out loss was lowest. */
class Watch {
  bestTrees = 0;
  private least: number;
  private readonly scores: Scores;
  private readonly patience: number;

  constructor(validation: NonNullable<BoostedTreesOptions['validation']>, baseline: number) {
    invariant(validation.target.length === validation.rows.rows && validation.patience >= 1, 'held-out rows have outcomes');
    this.scores = new Scores(validation.rows, validation.target, baseline);
    this.patience = validation.patience;
    this.least = this.scores.loss();
  }

  isOver(nodes: TreeNodes, root: number, trees: number): boolean {
    this.scores.add(nodes, root);
    const loss = this.scores.loss();
    if (loss < this.least) {
      this.least = loss;
      this.bestTrees = trees;
    }
    return trees - this.bestTrees >= this.patience;
  }
}

/** Rows and inputs of the next tree. */
function createDraw({ rows, columns }: RowMatrix, { rowFraction = 1, featureFraction = 1, seed }: BoostedTreesOptions) {
  const rng = rngFromNumber(seed);
  return () => ({ order: drawSome(rows, rowFraction, rng), columns: drawSome(columns, featureFraction, rng) });
}

function drawSome(n: number, fraction: number, rng: Rng): Int32Array {
  invariant(fraction > 0 && fraction <= 1, 'a fraction is in (0, 1]');
  if (fraction === 1) return Int32Array.from({ length: n }, (_, i) => i);
  const count = Math.max(1, Math.round(fraction * n));
  return shuffledOrder(n, rng).subarray(0, count).sort();
}

function assemble(
  nodes: TreeNodes,
  roots: readonly number[],
  head: { readonly inputs: number; readonly baseline: number },
): BoostedTreesModel {
  const last = roots.at(-1);
  const end = last === undefined ? 0 : endOfTree(nodes, last);
  const { feature, threshold, missingLeft, left, right, value, gain } = nodes;
  return {
    kind: 'BOOSTED_TREES',
    ...head,
    roots,
    feature: feature.slice(0, end),
    threshold: threshold.slice(0, end),
    missingLeft: missingLeft.slice(0, end),
    left: left.slice(0, end),
    right: right.slice(0, end),
    value: value.slice(0, end),
    gain: gain.slice(0, end),
  };
}

/** First node after a tree: its nodes are the ones that its splits reach. */
function endOfTree({ feature, right }: TreeNodes, root: number): number {
  let end = root + 1;
  for (let node = root; node < end; node++) if ((feature[node] ?? -1) >= 0) end = Math.max(end, (right[node] ?? 0) + 1);
  return end;
}
