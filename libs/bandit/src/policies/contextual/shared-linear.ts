import { invariant } from '@vitrine/kernel';
import { dot } from '../../numeric/dot';
import type { ArmIdentity, ArmModel, DecisionPoint, PoolDerivation } from '../../policy';
import { linearFamily } from '../../statistics/linear.family';
import type { StatisticsFamily } from '../../statistics/statistics-family';
import { bannerFeatures, type BannerFeatures } from './banner-features';
import { regressionSums } from './linear-posterior';
import type { NormalScores } from './normal-scores';
import { quadraticForm, SharedEffects, sharedEffects, triangleIndex, type SharedShape, type SharedTerm } from './shared-effects';

/** A banner whose weights are shared ones only: its features and the leading block of its sums. */
class SharedArm implements SharedTerm {
  constructor(
    readonly features: BannerFeatures,
    readonly information: Float64Array,
    readonly vector: Float64Array,
  ) {}
}

/**
 * One weight vector for all banners over z = f_a (x) x_head, f_a a banner's hashed groups, x_head the first values of the context: score
 * z^T beta with variance z^T P^-1 z, P = ridge I + sum z z^T over the trials of all banners.
 */
export class SharedLinearScores implements NormalScores {
  readonly family: StatisticsFamily;
  readonly pool: PoolDerivation;

  constructor(
    readonly dimension: number,
    private readonly shape: SharedShape,
  ) {
    this.family = linearFamily(dimension);
    this.pool = { heavy: true, derive: (arms) => new SharedEffects(shape, arms.map(sharedArm)) };
  }

  derive({ groups }: ArmIdentity, statistics: Float64Array | null): SharedArm {
    const { head, buckets } = this.shape;
    const information = new Float64Array((head * (head + 1)) / 2);
    const vector = new Float64Array(head);
    if (statistics !== null) {
      const sums = regressionSums(statistics, this.dimension);
      copyLeadingBlock(sums.triangle, this.dimension, { into: information, head });
      vector.set(sums.vector.subarray(0, head));
    }
    return new SharedArm(bannerFeatures(groups, buckets), information, vector);
  }

  score(arms: readonly ArmModel[], { context, pool }: DecisionPoint, into: { means: Float64Array; deviations: Float64Array }): void {
    const { head } = this.shape;
    const effects = sharedEffects(pool);
    for (let i = 0; i < arms.length; i++) {
      const { mean, covariance } = effects.of(sharedArm(arms[i]).features);
      into.means[i] = dot(mean, context, head);
      into.deviations[i] = Math.sqrt(quadraticForm(covariance, context, head));
    }
  }
}

function sharedArm(model: ArmModel): SharedArm {
  invariant(model instanceof SharedArm, 'a policy on shared weights reads its own models');
  return model;
}

function copyLeadingBlock(
  triangle: Float64Array,
  dimension: number,
  { into, head }: { readonly into: Float64Array; readonly head: number },
): void {
  for (let a = 0; a < head; a++) {
    for (let b = a; b < head; b++) into[triangleIndex(a, b, head)] = triangle[triangleIndex(a, b, dimension)] ?? 0;
  }
}
