import { invariant, ok } from '@vitrine/kernel';
import { NormalWinner } from '../../numeric/normal-winner';
import { Scratch } from '../../numeric/scratch';
import type { ArmIdentity, ArmModel, DecisionPoint, Policy, PoolDerivation, PoolModel } from '../../policy';
import { linearFamily, triangleLength } from '../../statistics/linear.family';
import type { StatisticsFamily } from '../../statistics/statistics-family';
import { LinearScorer } from '../contextual/linear-scorer';
import { definePolicy } from '../policy-definition';
import { LinearArm, linearArm } from './linear-arm';
import { learnWeights, type WeightGuess } from './weight-scales';
import type { SolvedTree } from './weight-tree';

/** Posterior of one banner's weights: mean, and covariance as its upper triangle by rows. */
interface WeightPosterior {
  readonly weights: Float64Array;
  readonly inverse: Float64Array;
}

/** What all banners together tell, and each one's posterior once it was asked for. */
class WeightPool {
  private readonly posteriors = new WeakMap<LinearArm, WeightPosterior>();

  constructor(readonly tree: SolvedTree) {}

  posteriorOf(arm: LinearArm): WeightPosterior {
    const known = this.posteriors.get(arm);
    if (known !== undefined) return known;
    const { mean, covariance } = this.tree.beliefOf(arm);
    const posterior = { weights: mean, inverse: upperTriangle(covariance, mean.length) };
    this.posteriors.set(arm, posterior);
    return posterior;
  }
}

function upperTriangle(square: Float64Array, d: number): Float64Array {
  const triangle = new Float64Array(triangleLength(d));
  let at = 0;
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) triangle[at++] = square[i * d + j] ?? 0;
  }
  return triangle;
}

/** What the pool of hierarchical-linear-thompson has learned. */
export function weightTree(model: PoolModel): SolvedTree {
  return weightPool(model).tree;
}

function weightPool(model: PoolModel): WeightPool {
  invariant(model instanceof WeightPool, 'hierarchical-linear-thompson reads the pool of its own revision');
  return model;
}

class HierarchicalLinearThompson implements Policy {
  readonly name = 'hierarchical-linear-thompson';
  readonly contextual = true;
  readonly deterministic = false;
  readonly family: StatisticsFamily;
  readonly pool: PoolDerivation;
  private readonly scorer: LinearScorer;
  private readonly winner = new NormalWinner();
  private readonly means = new Scratch();
  private readonly deviations = new Scratch();

  constructor(
    readonly dimension: number,
    depth: number,
    guess: WeightGuess,
  ) {
    this.family = linearFamily(dimension);
    this.scorer = new LinearScorer(dimension);
    this.pool = {
      heavy: true,
      derive: (arms) => new WeightPool(learnWeights(arms.map(linearArm), { dimension, depth }, guess)),
    };
  }

  derive(arm: ArmIdentity, statistics: Float64Array | null): ArmModel {
    return LinearArm.of(arm, statistics, this.dimension);
  }

  distribution(arms: readonly ArmModel[], { context, pool }: DecisionPoint, out: Float64Array): void {
    const n = arms.length;
    invariant(n > 0 && out.length === n, 'one probability per eligible banner');
    const weights = weightPool(pool);
    const means = this.means.take(n);
    const deviations = this.deviations.take(n);
    this.scorer.load(context);
    for (let i = 0; i < n; i++) {
      const posterior = weights.posteriorOf(linearArm(arms[i]));
      means[i] = this.scorer.mean(posterior);
      deviations[i] = this.scorer.deviation(posterior);
    }
    this.winner.solve(means, deviations, out);
  }
}

/**
 * Thompson sampling on linear regressions whose weights come from one population: root ~ N(0, scale^2), a group's weights ~ N(those above it,
 * diag(tau_layer^2)), a banner's ~ N(those of its narrowest group, diag(tau^2)), reward ~ N(x^T w, noise). The first `depth` of
 * `ArmIdentity.groups` (widest first) make the path to a banner. Every tau, one per layer and weight, and the noise maximise the likelihood
 * of what was earned (empirical Bayes): where banners are alike, a new one starts from their common weights; where they are not, tau grows and
 * nothing is transferred.
 *
 * Given the taus the posterior is exact; a banner's own includes the uncertainty of the weights above it. Scores at a context are drawn
 * independently with those marginal variances, and the propensities are exact for that rule (by quadrature, error as `WinnerIntegral`). What
 * siblings share of that uncertainty is counted for each: they are explored a little more than the joint posterior asks, until their
 * group is known.
 *
 * Departures: the taus are plugged in, and learned from the 8 to 64 most tried banners only; a banner in several groups of one kind counts in the
 * path it lists first. A new revision costs cubic time in d: meant for some dozens of features.
 */
export const hierarchicalLinearThompsonPolicy = definePolicy({
  name: 'hierarchical-linear-thompson',
  summary: 'A linear model per banner that starts from the models of similar banners, as far as those are found to be alike.',
  contextual: true,
  deterministic: false,
  family: 'linear',
  rewards: 'any',
  complexity: {
    decide: 'O(K d^2), and O(d^3) for each banner that a revision is first asked for',
    learn: 'O(d^2); per revision at most 24 times O(min(K, 64) d^3), and O(K d^3)',
    state: '3 + d + d (d + 1) / 2 numbers per banner',
  },
  parameters: {
    depth: {
      kind: 'number',
      description: 'How many of a banner’s groups its weights are drawn from, widest first; 0: all banners are one population.',
      default: 1,
      min: 0,
      max: 3,
      whole: true,
    },
    scale: {
      kind: 'number',
      description: 'Standard deviation of a weight before anything is known.',
      default: 0.5,
      min: 1e-6,
      max: 1e6,
      unit: 'reward per unit of the feature',
    },
    noise: {
      kind: 'number',
      description: 'First guess of the standard deviation of one reward around what the weights foresee.',
      default: 0.25,
      min: 1e-6,
      max: 1e9,
      unit: 'reward',
    },
    noiseTrials: {
      kind: 'number',
      description: 'How much the first guess of the noise weighs.',
      default: 10,
      min: 0.01,
      max: 1e6,
      unit: 'trials',
    },
  },
  paper:
    'Hong, Kveton, Zaheer & Ghavamzadeh, Hierarchical Bayesian Bandits, AISTATS 2022, section 4.2; Wood & Fasiolo, Biometrics 73 (2017)',
  build: ({ depth, ...guess }, dimension) => ok(new HierarchicalLinearThompson(dimension, depth, guess)),
});
