import { dot } from '../../../numeric/dot';
import { Scratch } from '../../../numeric/scratch';
import type { ArmModel } from '../../../policy';
import { multiplySymmetric } from '../../../numeric/symmetric';
import { expandQuadratic } from '../../../statistics/quadratic.family';
import { LinearScorer } from '../linear-scorer';
import { autoArm, currentBounds, type AutoArm, type Reference } from './auto-arm';
import type { AutoPool } from './auto-pool';
import { featureLength } from './learners';
import { envelopeShares } from './line-envelope';

/** Optimism is spread evenly from this share of its largest value. */
const LEAST_OPTIMISM = 1 / 3;
/** Room for rounding, relative to the largest height, where a banner is passed over because it cannot lead. */
const ROOM = 1e-9;

/** The context in one kind of features, with its products, for the decision at hand. */
class ScoredFeatures {
  readonly values: Float64Array;
  private readonly squares: Float64Array;
  private readonly scorer: LinearScorer;

  constructor(length: number) {
    this.values = new Float64Array(length);
    this.squares = new Float64Array(length);
    this.scorer = new LinearScorer(length);
  }

  /** To be called when `values` were written. */
  load(): void {
    for (let i = 0; i < this.values.length; i++) this.squares[i] = (this.values[i] ?? 0) ** 2;
    this.scorer.load(this.values);
  }

  variance({ regression }: Reference): number {
    return this.scorer.deviation(regression) ** 2;
  }

  /** At least the variance, for a d-th of its price. */
  varianceBound(reference: Reference): number {
    return dot(this.squares, currentBounds(reference), this.squares.length);
  }
}

/**
 * Decides among banners by optimism: each scores mean + z deviation, z spread evenly over 0.5 to 1.5, and has the probability of being the
 * highest. Banners that cannot lead for any z are passed over by a bound on their deviation. Holds scratch: one decision at a time.
 */
export class AutoScorer {
  private readonly linear: ScoredFeatures;
  private readonly quadratic: ScoredFeatures | null;
  private readonly means = new Scratch();
  private readonly reach = new Scratch();
  private readonly bases = new Scratch();
  private readonly slopes = new Scratch();
  private readonly shares = new Scratch();
  private places = new Int32Array(64);
  private readonly optimism = { low: 0, high: 1 };

  constructor(
    private readonly dimension: number,
    quadratic: boolean,
  ) {
    this.linear = new ScoredFeatures(dimension);
    this.quadratic = quadratic ? new ScoredFeatures(featureLength('quadratic', dimension)) : null;
  }

  distribution(
    arms: readonly ArmModel[],
    { context, pool }: { readonly context: Float64Array; readonly pool: AutoPool },
    out: Float64Array,
  ): void {
    this.load(context, pool);
    this.optimism.high = Math.sqrt(Math.log(Math.max(arms.length, 2)));
    this.optimism.low = LEAST_OPTIMISM * this.optimism.high;
    const best = this.estimate(arms, pool);
    const n = this.collect(arms, pool, best);
    const shares = this.shares.take(n).subarray(0, n);
    envelopeShares({ bases: this.bases.take(n), slopes: this.slopes.take(n), n }, this.optimism, shares);
    out.fill(0);
    for (let k = 0; k < n; k++) out[this.places[k] ?? 0] = shares[k] ?? 0;
  }

  private load(context: Float64Array, { quadraticShare }: AutoPool): void {
    this.linear.values.set(context);
    if (quadraticShare < 1) this.linear.load();
    if (this.quadratic === null || quadraticShare === 0) return;
    expandQuadratic(context, this.quadratic.values);
    this.quadratic.load();
  }

  /** Writes means and the largest deviation possible; returns the banner that could be the highest. */
  private estimate(arms: readonly ArmModel[], pool: AutoPool): number {
    const n = arms.length;
    const means = this.means.take(n);
    const reach = this.reach.take(n);
    let best = 0;
    let height = -Infinity;
    for (let i = 0; i < n; i++) {
      const arm = autoArm(arms[i]);
      const mean = this.mean(arm, pool);
      means[i] = mean;
      reach[i] = pool.noise * Math.sqrt(this.average(arm, pool, true));
      if (mean + (reach[i] ?? 0) <= height) continue;
      height = mean + (reach[i] ?? 0);
      best = i;
    }
    return best;
  }

  /** Lines of the banners that may lead somewhere: the rest lies below one line at either end, and so everywhere between. */
  private collect(arms: readonly ArmModel[], pool: AutoPool, best: number): number {
    const total = arms.length;
    if (this.places.length < total) this.places = new Int32Array(2 * total);
    const means = this.means.take(total);
    const reach = this.reach.take(total);
    const bases = this.bases.take(total);
    const slopes = this.slopes.take(total);
    const deviation = (i: number): number => pool.noise * Math.sqrt(this.average(autoArm(arms[i]), pool, false));
    let slope = deviation(best);
    let base = means[best] ?? 0;
    const slopeOfBest = slope;
    let n = 0;
    for (let i = 0; i < total; i++) {
      const mean = means[i] ?? 0;
      const steepest = reach[i] ?? 0;
      const room = ROOM * (Math.abs(base) + slope);
      if (
        mean + this.optimism.low * steepest < base + this.optimism.low * slope - room &&
        mean + this.optimism.high * steepest < base + this.optimism.high * slope - room
      )
        continue;
      const own = i === best ? slopeOfBest : deviation(i);
      this.places[n] = i;
      bases[n] = mean;
      slopes[n++] = own;
      if (mean + own > base + slope) {
        base = mean;
        slope = own;
      }
    }
    return n;
  }

  private mean(arm: AutoArm, pool: AutoPool): number {
    if (arm.mixedFor !== pool) mix(arm, pool);
    const { quadratic, linear } = this;
    return quadratic !== null && pool.quadraticShare > 0
      ? dot(arm.mixed, quadratic.values, quadratic.values.length)
      : dot(arm.mixed, linear.values, this.dimension);
  }

  /** Variance (or a bound on it) in units of the noise, averaged over the kinds of features. */
  private average(arm: AutoArm, { quadraticShare }: AutoPool, bound: boolean): number {
    let variance = 0;
    if (quadraticShare < 1)
      variance += (1 - quadraticShare) * (bound ? this.linear.varianceBound(arm.linear) : this.linear.variance(arm.linear));
    if (quadraticShare > 0 && arm.quadratic !== null && this.quadratic !== null) {
      const { quadratic } = this;
      variance += quadraticShare * (bound ? quadratic.varianceBound(arm.quadratic) : quadratic.variance(arm.quadratic));
    }
    return variance;
  }
}

/** Averages the learners' weights; those of a linear learner are the leading part of a quadratic one's. */
function mix(arm: AutoArm, pool: AutoPool): void {
  const { mixed, fitted, lent } = arm;
  mixed.fill(0);
  for (let l = 0; l < fitted.length; l++) {
    const share = pool.shares[l] ?? 0;
    const regression = fitted[l]?.regression;
    if (share === 0 || regression === undefined) continue;
    addShare(mixed, regression.weights, share);
    const common = pool.common[l] ?? null;
    if (common === null) continue;
    multiplySymmetric(regression.inverse, common, lent);
    addShare(mixed, lent, share * regression.ridge);
  }
  arm.mixedFor = pool;
}

function addShare(mixed: Float64Array, weights: Float64Array, share: number): void {
  for (let i = 0; i < weights.length; i++) mixed[i] = (mixed[i] ?? 0) + share * (weights[i] ?? 0);
}
