import { invariant } from '@vitrine/kernel';
import { dot } from '../../numeric/dot';
import type { ArmIdentity, ArmModel, DecisionPoint, PoolDerivation } from '../../policy';
import { linearFamily } from '../../statistics/linear.family';
import type { Observation, StatisticsFamily } from '../../statistics/statistics-family';
import { bannerFeatures, type BannerFeatures } from './banner-features';
import { LinearModeller, type LinearPosterior } from './linear-posterior';
import { LinearScorer } from './linear-scorer';
import type { NormalScores } from './normal-scores';
import { quadraticForm, SharedEffects, sharedEffects, triangleIndex, type SharedShape, type SharedTerm } from './shared-effects';

class HybridArm {
  constructor(
    readonly features: BannerFeatures,
    readonly own: LinearPosterior,
  ) {}
}

export interface HybridShape extends SharedShape {
  readonly dimension: number;
  /** Precision of the prior of a banner's own weights. */
  readonly ownRidge: number;
}

/**
 * Weights of a banner's own over the context x and shared ones over z = f_a (x) x_head, fitted jointly: score z^T beta + x^T theta_a.
 *
 * The source keeps A_a, B_a = sum x z^T and b_a per banner, A_0 and b_0 for all. Because z is a product, everything follows from A_a = ridge I
 * + sum x x^T and b_a alone; with R = A_a^-1, w = R b_a and [.] the leading rows (and columns) of the head,
 *
 *   A_0 = sharedRidge I + sum_a (f_a f_a^T) (x) ridge [I - ridge R],   b_0 = sum_a f_a (x) ridge [w]
 *   mean     = z^T beta + x^T R (b_a - B_a beta)  =  x^T w + ridge [R x]^T u
 *   variance = z^T A_0^-1 z - 2 z^T A_0^-1 B_a^T R x + x^T R x + x^T R B_a A_0^-1 B_a^T R x  =  x^T R x + ridge^2 [R x]^T C [R x]
 *
 * where u = sum_j f_j beta_j and C is its covariance: a banner's weights are drawn to u rather than to 0. The four terms of the variance
 * become two as z - B_a^T R x = f_a (x) ridge [R x].
 *
 * @see Li, Chu, Langford & Schapire 2010, algorithm 2
 */
export class HybridLinearScores implements NormalScores {
  readonly family: StatisticsFamily;
  readonly pool: PoolDerivation;
  readonly dimension: number;
  private readonly modeller: LinearModeller;
  private readonly scorer: LinearScorer;
  private readonly reach: Float64Array;

  constructor(private readonly shape: HybridShape) {
    this.dimension = shape.dimension;
    this.family = linearFamily(shape.dimension);
    this.modeller = new LinearModeller(shape.dimension, shape.ownRidge);
    this.scorer = new LinearScorer(shape.dimension);
    this.reach = new Float64Array(shape.head);
    this.pool = {
      heavy: true,
      derive: (arms) =>
        new SharedEffects(
          shape,
          arms.map((arm) => sharedTerm(hybridArm(arm), shape)),
        ),
    };
  }

  derive({ groups }: ArmIdentity, statistics: Float64Array | null): HybridArm {
    return new HybridArm(bannerFeatures(groups, this.shape.buckets), this.modeller.derive(statistics));
  }

  follow(model: ArmModel, statistics: Float64Array, observation: Observation): void {
    this.modeller.follow(hybridArm(model).own, statistics, observation);
  }

  score(arms: readonly ArmModel[], { context, pool }: DecisionPoint, into: { means: Float64Array; deviations: Float64Array }): void {
    const { head, ownRidge } = this.shape;
    const { scorer, reach } = this;
    const effects = sharedEffects(pool);
    scorer.load(context);
    for (let i = 0; i < arms.length; i++) {
      const { features, own } = hybridArm(arms[i]);
      const { mean, covariance } = effects.of(features);
      leadingProduct(own.inverse, context, reach);
      into.means[i] = scorer.mean(own) + ownRidge * dot(reach, mean, head);
      into.deviations[i] = Math.hypot(scorer.deviation(own), ownRidge * Math.sqrt(quadraticForm(covariance, reach, head)));
    }
  }
}

function hybridArm(model: ArmModel): HybridArm {
  invariant(model instanceof HybridArm, 'a hybrid policy reads its own models');
  return model;
}

/** What a banner's trials tell of the shared weights once its own have taken their part. */
function sharedTerm({ features, own }: HybridArm, { head, dimension, ownRidge }: HybridShape): SharedTerm {
  const information = new Float64Array((head * (head + 1)) / 2);
  for (let a = 0; a < head; a++) {
    for (let b = a; b < head; b++) {
      const left = ownRidge * (own.inverse[triangleIndex(a, b, dimension)] ?? 0);
      information[triangleIndex(a, b, head)] = ownRidge * ((a === b ? 1 : 0) - left);
    }
  }
  return { features, information, vector: own.weights.slice(0, head).map((weight) => ownRidge * weight) };
}

/** The leading rows of S x. @param triangle upper triangle of S by rows @param out shape [rows wanted] */
function leadingProduct(triangle: Float64Array, x: Float64Array, out: Float64Array): void {
  const d = x.length;
  let row = 0; // row + j is the place of entry (i, j), j >= i
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    let column = i; // the place of entry (j, i), j < i; the one below it is d - j - 1 further
    for (let j = 0; j < i; j++) {
      sum += (triangle[column] ?? 0) * (x[j] ?? 0);
      column += d - j - 1;
    }
    for (let j = i; j < d; j++) sum += (triangle[row + j] ?? 0) * (x[j] ?? 0);
    out[i] = sum;
    row += d - i - 1;
  }
}
