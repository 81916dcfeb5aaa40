import { invariant } from '@vitrine/kernel';
import { invertRidgedWithDeterminant, solveRidged } from './cholesky';
import { dot } from './dot';
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
  /** Shape [d]. */
  readonly weights: Float64Array;
  /** Upper triangle of A^-1 by rows. */
  readonly inverse: Float64Array;
  /** ln det(A / ridge) >= 0: grows with what the trials told. */
  logDeterminant = 0;
  /** sum r^2 - b^T A^-1 b = sum of e_t^2 / (1 + x_t^T A_t^-1 x_t), e_t the error of predicting trial t from those before it. */
  residual = 0;
  private readonly reach: Float64Array;

  constructor(
    readonly dimension: number,
    readonly ridge: number,
  ) {
    this.weights = new Float64Array(dimension);
    this.inverse = new Float64Array((dimension * (dimension + 1)) / 2);
    this.reach = new Float64Array(dimension);
    let at = 0;
    for (let i = 0; i < dimension; at += dimension - i++) this.inverse[at] = 1 / ridge;
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
    this.logDeterminant = invertRidgedWithDeterminant(triangle, this.ridge, this.inverse, work);
    multiplySymmetric(this.inverse, vector, this.weights);
    this.residual = Math.max(squares - dot(vector, this.weights, this.dimension), 0);
  }

  /** Expected reward at x. */
  mean(x: Float64Array): number {
    return dot(this.weights, x, this.dimension);
  }

  /** Follows a trial with this reward. */
  addTrial(x: Float64Array, reward: number): void {
    const { reach } = this;
    multiplySymmetric(this.inverse, x, reach);
    const leverage = 1 + Math.max(dot(reach, x, this.dimension), 0);
    const error = reward - this.mean(x);
    addOuterProduct(this.inverse, reach, -1 / leverage);
    this.moveWeights(error / leverage);
    this.logDeterminant += Math.log(leverage);
    this.residual += (error * error) / leverage;
  }

  /** Follows a difference in the reward of a trial at x that is already in. @param squares what it adds to sum r^2 */
  addReward(x: Float64Array, delta: number, squares: number): void {
    if (delta === 0) return;
    const { reach } = this;
    multiplySymmetric(this.inverse, x, reach);
    const explained = delta * (2 * this.mean(x) + delta * dot(reach, x, this.dimension));
    this.moveWeights(delta);
    this.residual = Math.max(this.residual + squares - explained, 0);
  }

  private moveWeights(by: number): void {
    const { weights, reach } = this;
    for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] ?? 0) + by * (reach[i] ?? 0);
  }
}
