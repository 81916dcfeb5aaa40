import { invariant } from '@vitrine/kernel';
import { invertRidgedWithDeterminant, solveRidged } from './cholesky';
import { dot } from './dot';
import type { RidgeArena, RidgeSlot } from './ridge-arena';
import { addOuterProduct, multiplySymmetric } from './symmetric';

/** What a regression is fitted to: plain sums over trials. */
export interface RegressionSums {
  /** Upper triangle of sum x x^T by rows, shape [d (d + 1) / 2]. */
  readonly triangle: Float64Array;
  /** sum r x, shape [d]. */
  readonly vector: Float64Array;
  /** sum r^2. */
  readonly squares: number;
}

/**
 * Bayesian ridge regression, A = ridge I + sum x x^T: its weights A^-1 b, the inverse of A, and the two numbers that the probability of
 * its past predictions is made of. `refit` computes them from sums; `addTrial` and `addReward` follow one entry by the
 * Sherman-Morrison formula, whose rounding grows slowly: refit now and then.
 */
export class RidgeRegression {
  /** ln det(A / ridge) >= 0: grows with what the trials told. */
  logDeterminant = 0;
  /** sum r^2 - b^T A^-1 b = sum of e_t^2 / (1 + x_t^T A_t^-1 x_t), e_t the error of predicting trial t from those before it. */
  residual = 0;
  private slot: RidgeSlot | null = null;
  private ownWeights: Float64Array;
  private ownInverse: Float64Array;
  private ownReach: Float64Array;

  constructor(
    readonly dimension: number,
    readonly ridge: number,
  ) {
    this.ownWeights = new Float64Array(dimension);
    this.ownInverse = new Float64Array((dimension * (dimension + 1)) / 2);
    this.ownReach = new Float64Array(0);
    this.reset();
  }

  /** Shape [d]. */
  get weights(): Float64Array {
    return this.ownWeights;
  }

  /** Upper triangle of A^-1 by rows. */
  get inverse(): Float64Array {
    return this.slot?.inverse() ?? this.ownInverse;
  }

  /** Moves into memory where following is fast; stays as it is when there is none. */
  moveInto(arena: RidgeArena): void {
    if (this.slot !== null) return;
    this.slot = arena.take();
    if (this.slot === null) return;
    this.slot.set(this.ownInverse, this.ownWeights);
    this.ownInverse = new Float64Array(0);
    this.ownWeights = this.slot.weights;
  }

  /** Weights and scores, not the inverse: what a regression that only predicts needs. @param work scratch, shape [d d] */
  refitWeights(sums: RegressionSums, work: Float64Array): void {
    const { squares, vector } = sums;
    invariant(vector.length === this.dimension, 'sums have the dimension of the regression');
    this.logDeterminant = solveRidged(sums, this.ridge, { out: this.weights, work });
    this.residual = Math.max(squares - dot(vector, this.weights, this.dimension), 0);
  }

  /** @param work scratch, shape [d d] */
  refit({ triangle, vector, squares }: RegressionSums, work: Float64Array): void {
    invariant(vector.length === this.dimension && triangle.length === this.inverse.length, 'sums have the dimension of the regression');
    if (this.isZero(triangle)) return this.reset();
    this.logDeterminant = invertRidgedWithDeterminant(triangle, this.ridge, this.inverse, work);
    multiplySymmetric(this.inverse, vector, this.weights);
    this.residual = Math.max(squares - dot(vector, this.weights, this.dimension), 0);
  }

  /** Expected reward at x. */
  mean(x: Float64Array): number {
    return dot(this.weights, x, this.dimension);
  }

  /** x^T A^-1 x where following made it cheap; null where it has to be computed otherwise. @param token stands for x in one decision */
  fastVariance(x: Float64Array, token: number): number | null {
    if (this.slot === null) return null;
    this.slot.load(x, token);
    return this.slot.variance();
  }

  /** Follows a trial with this reward. */
  addTrial(x: Float64Array, reward: number): void {
    const leverage = 1 + Math.max(this.reachOut(x), 0);
    const error = reward - (this.slot?.mean() ?? this.mean(x));
    if (this.slot === null) addOuterProduct(this.inverse, this.ownReach, -1 / leverage);
    else this.slot.shrink(-1 / leverage);
    this.moveWeights(error / leverage);
    this.logDeterminant += Math.log(leverage);
    this.residual += (error * error) / leverage;
  }

  /** Follows a difference in the reward of a trial at x that is already in. @param squares what it adds to sum r^2 */
  addReward(x: Float64Array, delta: number, squares: number): void {
    if (delta === 0) return;
    const variance = this.reachOut(x);
    const explained = delta * (2 * this.mean(x) + delta * variance);
    this.moveWeights(delta);
    this.residual = Math.max(this.residual + squares - explained, 0);
  }

  /** Back to what is known before any trial. */
  private reset(): void {
    const { dimension, inverse } = this;
    inverse.fill(0);
    this.weights.fill(0);
    this.logDeterminant = 0;
    this.residual = 0;
    let at = 0;
    for (let i = 0; i < dimension; at += dimension - i++) inverse[at] = 1 / this.ridge;
  }

  /** A sum of squares is zero only when its diagonal is. */
  private isZero(triangle: Float64Array): boolean {
    let at = 0;
    for (let i = 0; i < this.dimension; at += this.dimension - i++) if (triangle[at] !== 0) return false;
    return true;
  }

  /** Keeps A^-1 x for the next step; returns x^T A^-1 x. */
  private reachOut(x: Float64Array): number {
    if (this.slot !== null) {
      this.slot.load(x, 0);
      return this.slot.reachOut();
    }
    if (this.ownReach.length === 0) this.ownReach = new Float64Array(this.dimension);
    multiplySymmetric(this.inverse, x, this.ownReach);
    return dot(this.ownReach, x, this.dimension);
  }

  private moveWeights(by: number): void {
    if (this.slot !== null) return this.slot.moveWeights(by);
    const { ownWeights, ownReach } = this;
    for (let i = 0; i < ownWeights.length; i++) ownWeights[i] = (ownWeights[i] ?? 0) + by * (ownReach[i] ?? 0);
  }
}
