import { invariant } from '@vitrine/kernel';
import {
  addMessage,
  beliefBelow,
  conditionalOf,
  departureBelow,
  noInformation,
  rootBelief,
  type Conditional,
  type Departure,
  type VectorBelief,
} from '../../numeric/conditional-normal';
import type { LinearArm } from './linear-arm';

/** How far vectors of one layer lie from their parents, and rewards from what the weights foresee. */
export interface WeightScales {
  /** Standard deviations of the root's weights around 0, of each layer of groups around the one above, of banners last; shape [layers][d]. */
  readonly deviations: readonly Float64Array[];
  /** Variance of one reward. */
  readonly noise: number;
}

/** A group, or the root, whose children are narrower groups and banners. */
interface WeightNode {
  readonly depth: number;
  readonly children: Map<string, WeightNode>;
  readonly banners: LinearArm[];
}

/** What the data say of one node and all below it, for given scales. */
interface SolvedNode {
  readonly depth: number;
  readonly conditional: Conditional;
  readonly children: ReadonlyMap<string, SolvedNode>;
  readonly banners: readonly Conditional[];
}

/** Log-likelihood of the scales up to a constant; per layer and coordinate what departures show and what the scales expect. */
export interface TreeTally {
  readonly logLikelihood: number;
  /** Squared errors of the fitted weights over the noise, plus squared departures over their variances. */
  readonly misfit: number;
  /** Sum of squared posterior departures from parents; shape [layers][d]. */
  readonly shown: readonly Float64Array[];
  /** Number of departures that the data determine; shape [layers][d]. */
  readonly determined: readonly Float64Array[];
}

/**
 * Weights of linear regressions as a tree of normals: root, groups by their place in `ArmIdentity.groups`, banners at the leaves. The posterior is exact
 * by messages up and beliefs down, O(d^3) per node.
 *
 * @see Bishop, Pattern Recognition and Machine Learning (2006), section 8.4.4
 */
export class WeightTree {
  private readonly root: WeightNode = emptyNode(0);
  private readonly trials: number;
  private readonly squares: number;

  /** @param depth how many of a banner's groups count, widest first */
  constructor(
    private readonly dimension: number,
    private readonly depth: number,
    arms: readonly LinearArm[],
  ) {
    for (const arm of arms) this.place(arm);
    this.trials = arms.reduce((sum, arm) => sum + arm.trials, 0);
    this.squares = arms.reduce((sum, arm) => sum + arm.squares, 0);
  }

  solve(scales: WeightScales): SolvedTree {
    const { node } = this.solveNode(this.root, scales);
    return new SolvedTree({ scales, depth: this.depth, trials: this.trials, squares: this.squares }, node);
  }

  private place(arm: LinearArm): void {
    let node = this.root;
    for (const group of arm.identity.groups.slice(0, this.depth)) {
      const known = node.children.get(group);
      const next = known ?? emptyNode(node.depth + 1);
      if (known === undefined) node.children.set(group, next);
      node = next;
    }
    node.banners.push(arm);
  }

  private solveNode(node: WeightNode, scales: WeightScales): { readonly node: SolvedNode; readonly deviations: Float64Array } {
    const information = noInformation(this.dimension);
    const children = new Map<string, SolvedNode>();
    for (const [group, child] of node.children) {
      const below = this.solveNode(child, scales);
      addMessage(information, below.node.conditional, below.deviations);
      children.set(group, below.node);
    }
    const leaf = bannerDeviations(scales);
    const banners = node.banners.map((arm) => conditionalOf(arm.information(scales.noise), leaf));
    for (const banner of banners) addMessage(information, banner, leaf);
    const deviations = layerDeviations(scales, node.depth);
    return { node: { depth: node.depth, conditional: conditionalOf(information, deviations), children, banners }, deviations };
  }
}

interface SolvedContext {
  readonly scales: WeightScales;
  readonly depth: number;
  readonly trials: number;
  readonly squares: number;
}

/** A weight tree for given scales. */
export class SolvedTree {
  private readonly beliefs = new WeakMap<SolvedNode, VectorBelief>();

  constructor(
    private readonly context: SolvedContext,
    private readonly root: SolvedNode,
  ) {}

  get scales(): WeightScales {
    return this.context.scales;
  }

  /** Posterior weights of a banner, from its own sums and what banners of its groups earned; O(d^3). */
  beliefOf(arm: LinearArm): VectorBelief {
    const { scales, depth } = this.context;
    let node = this.root;
    let belief = this.beliefOfRoot();
    for (const [place, group] of arm.identity.groups.slice(0, depth).entries()) {
      const child = node.children.get(group);
      if (child === undefined) {
        // Groups that nobody tried: as wide as their layers.
        for (let layer = place + 1; layer <= Math.min(depth, arm.identity.groups.length); layer++) {
          belief = widened(belief, layerDeviations(scales, layer));
        }
        break;
      }
      belief = this.beliefOfChild(child, belief);
      node = child;
    }
    const leaf = bannerDeviations(scales);
    return beliefBelow(belief, conditionalOf(arm.information(scales.noise), leaf), leaf);
  }

  tally(): TreeTally {
    const { scales, trials, squares } = this.context;
    const shown = scales.deviations.map((layer) => new Float64Array(layer.length));
    const determined = scales.deviations.map((layer) => new Float64Array(layer.length));
    const sums = { logDeterminant: 0, explained: 0 };
    const count = (conditional: Conditional, layer: number, departure: Departure): void => {
      sums.logDeterminant += conditional.logDeterminant;
      sums.explained += conditional.explained;
      addDeparture({ shown, determined }, { layer, deviations: layerDeviations(scales, layer) }, departure);
    };
    const visit = (node: SolvedNode, belief: VectorBelief): void => {
      for (const child of node.children.values()) {
        count(child.conditional, child.depth, departureBelow(belief, child.conditional, layerDeviations(scales, child.depth)));
        visit(child, this.beliefOfChild(child, belief));
      }
      const leaf = scales.deviations.length - 1;
      for (const banner of node.banners) count(banner, leaf, departureBelow(belief, banner, bannerDeviations(scales)));
    };
    const belief = this.beliefOfRoot();
    count(this.root.conditional, 0, {
      mean: belief.mean,
      variance: belief.mean.map((_, j) => belief.covariance[j * belief.mean.length + j] ?? 0),
    });
    visit(this.root, belief);
    const misfit = squares / scales.noise - sums.explained;
    const logLikelihood = -0.5 * (trials * Math.log(scales.noise) + sums.logDeterminant + misfit);
    return { logLikelihood, misfit, shown, determined };
  }

  private beliefOfRoot(): VectorBelief {
    return rootBelief(this.root.conditional);
  }

  private beliefOfChild(child: SolvedNode, parent: VectorBelief): VectorBelief {
    const known = this.beliefs.get(child);
    if (known !== undefined) return known;
    const belief = beliefBelow(parent, child.conditional, layerDeviations(this.context.scales, child.depth));
    this.beliefs.set(child, belief);
    return belief;
  }
}

function emptyNode(depth: number): WeightNode {
  return { depth, children: new Map(), banners: [] };
}

function layerDeviations({ deviations }: WeightScales, layer: number): Float64Array {
  const found = deviations[layer];
  invariant(found !== undefined, 'every layer has its deviations');
  return found;
}

function bannerDeviations(scales: WeightScales): Float64Array {
  return layerDeviations(scales, scales.deviations.length - 1);
}

function widened({ mean, covariance }: VectorBelief, deviations: Float64Array): VectorBelief {
  const d = mean.length;
  return { mean, covariance: covariance.map((value, at) => (at % (d + 1) === 0 ? value + (deviations[at % d] ?? 0) ** 2 : value)) };
}

function addDeparture(
  { shown, determined }: Pick<TreeTally, 'shown' | 'determined'>,
  { layer, deviations }: { readonly layer: number; readonly deviations: Float64Array },
  { mean, variance }: Departure,
): void {
  const [squares, count] = [shown[layer], determined[layer]];
  invariant(squares !== undefined && count !== undefined, 'every layer is tallied');
  for (let j = 0; j < mean.length; j++) {
    squares[j] = (squares[j] ?? 0) + (mean[j] ?? 0) ** 2;
    count[j] = (count[j] ?? 0) + 1 - (variance[j] ?? 0) / (deviations[j] ?? 1) ** 2;
  }
}
