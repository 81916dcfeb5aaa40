import { invariant } from '@vitrine/kernel';
import { dot } from '../../numeric/dot';
import { triangleLength } from '../../statistics/linear.family';
import type { RidgeRegression } from '../../numeric/ridge-regression';

/** What a deviation is computed from; `fastVariance` where the posterior has a quicker way. */
export interface ScoredPosterior {
  /** Upper triangle of A^-1 by rows. */
  readonly inverse: Float64Array;
  fastVariance?(x: Float64Array, token: number): number | null;
}

/** Below this share of non-zero products, gathering them beats a straight pass over all of them. */
const SPARSE_SHARE = 0.6;

/**
 * Mean and variance of a linear posterior at one context. The products x_i x_j are formed once per decision, so that the
 * variance x^T A^-1 x of each banner is one straight dot product. Holds scratch: one decision at a time.
 */
export class LinearScorer {
  private readonly products: Float64Array;
  private readonly places: Int32Array;
  private readonly lit: Int32Array;
  private context: Float64Array;
  private count = 0;
  private sparse = false;
  private isPrepared = false;
  /** Of the context: followed regressions share what they make of it. */
  private token = 0;
  private static nextToken = 1;

  constructor(private readonly dimension: number) {
    this.products = new Float64Array(triangleLength(dimension));
    this.places = new Int32Array(triangleLength(dimension));
    this.lit = new Int32Array(dimension);
    this.context = new Float64Array(dimension);
  }

  /** Takes the context of the next decision; it is read until the one after it. */
  load(context: Float64Array): void {
    invariant(context.length === this.dimension, 'the context has the dimension of the policy');
    this.context = context;
    this.isPrepared = false;
    this.token = LinearScorer.nextToken++;
  }

  /** Forms the products, which followed regressions do without. */
  private prepare(): void {
    const { context } = this;
    let lit = 0;
    for (let i = 0; i < context.length; i++) {
      if (context[i] !== 0) this.lit[lit++] = i;
    }
    this.sparse = (lit * (lit + 1)) / 2 < SPARSE_SHARE * this.products.length;
    if (this.sparse) this.loadSparse(lit);
    else this.loadDense();
    this.isPrepared = true;
  }

  private loadDense(): void {
    let at = 0;
    for (let i = 0; i < this.dimension; i++) {
      const x = this.context[i] ?? 0;
      this.products[at++] = x * x;
      for (let j = i + 1; j < this.dimension; j++) this.products[at++] = 2 * x * (this.context[j] ?? 0);
    }
    this.count = at;
  }

  private loadSparse(lit: number): void {
    let count = 0;
    for (let k = 0; k < lit; k++) {
      const i = this.lit[k] ?? 0;
      const x = this.context[i] ?? 0;
      const row = i * this.dimension - (i * (i + 1)) / 2; // row + j is the place of entry (i, j), j >= i
      this.places[count] = row + i;
      this.products[count++] = x * x;
      for (let l = k + 1; l < lit; l++) {
        const j = this.lit[l] ?? 0;
        this.places[count] = row + j;
        this.products[count++] = 2 * x * (this.context[j] ?? 0);
      }
    }
    this.count = count;
  }

  /** Expected reward x^T A^-1 b. */
  mean({ weights }: Pick<RidgeRegression, 'weights'>): number {
    return dot(weights, this.context, this.dimension);
  }

  /** Square root of x^T A^-1 x. */
  deviation(posterior: ScoredPosterior): number {
    const fast = posterior.fastVariance?.(this.context, this.token) ?? null;
    if (fast !== null) return Math.sqrt(Math.max(fast, 0));
    if (!this.isPrepared) this.prepare();
    const { products, count } = this;
    const { inverse } = posterior;
    const variance = this.sparse ? gatherDot(inverse, this.places, products, count) : dot(inverse, products, count);
    return Math.sqrt(Math.max(variance, 0));
  }
}

/** Sum of products of entries of `left`, picked by place, and of `right`. */
function gatherDot(left: Float64Array, places: Int32Array, right: Float64Array, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += (left[places[k] ?? 0] ?? 0) * (right[k] ?? 0);
  return sum;
}
