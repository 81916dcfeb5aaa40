import { invariant } from '@vitrine/kernel';
import { triangleLength } from '../../statistics/linear.family';
import type { RidgeRegression } from '../../numeric/ridge-regression';

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
    let lit = 0;
    for (let i = 0; i < context.length; i++) {
      if (context[i] !== 0) this.lit[lit++] = i;
    }
    this.sparse = (lit * (lit + 1)) / 2 < SPARSE_SHARE * this.products.length;
    if (this.sparse) this.loadSparse(lit);
    else this.loadDense();
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
  deviation({ inverse }: Pick<RidgeRegression, 'inverse'>): number {
    const { products, count } = this;
    const variance = this.sparse ? gatherDot(inverse, this.places, products, count) : dot(inverse, products, count);
    return Math.sqrt(Math.max(variance, 0));
  }
}

/** Sum of products of the entries in [from, to). */
function dotRange(left: Float64Array, right: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += (left[k] ?? 0) * (right[k] ?? 0);
  return sum;
}

/** Four running sums: a single one would wait for its own last addition. */
function dot(left: Float64Array, right: Float64Array, count: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const whole = count - (count % 4);
  for (let k = 0; k < whole; k += 4) {
    a += (left[k] ?? 0) * (right[k] ?? 0);
    b += (left[k + 1] ?? 0) * (right[k + 1] ?? 0);
    c += (left[k + 2] ?? 0) * (right[k + 2] ?? 0);
    d += (left[k + 3] ?? 0) * (right[k + 3] ?? 0);
  }
  return a + b + (c + d) + dotRange(left, right, whole, count);
}

/** The same with entries of `left` picked by place. */
function gatherDot(left: Float64Array, places: Int32Array, right: Float64Array, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += (left[places[k] ?? 0] ?? 0) * (right[k] ?? 0);
  return sum;
}
