import { invariant } from '@vitrine/kernel';
import { ldlBackward, ldlFactorise, ldlForward } from '../../numeric/ldl';
import type { PoolModel } from '../../policy';
import type { BannerFeatures } from './banner-features';

/** Shape of the shared weights: one vector of `head` per bucket. */
export interface SharedShape {
  readonly buckets: number;
  readonly head: number;
  /** Precision of the prior of each shared weight. */
  readonly ridge: number;
}

/** What the trials of one banner with features f tell of the shared weights: sums over z = f (x) x, in the factors that they are products of. */
export interface SharedTerm {
  readonly features: BannerFeatures;
  /** M, upper triangle by rows, shape [head (head + 1) / 2]: the banner adds (f f^T) (x) M to the precision. */
  readonly information: Float64Array;
  /** v, shape [head]: it adds f (x) v to the vector. */
  readonly vector: Float64Array;
}

/** The shared weights as banners with certain features see them: weights over the context's head. */
export interface SharedEffect {
  /** u = sum_j f_j beta_j, shape [head]. */
  readonly mean: Float64Array;
  /** Covariance of u in units of the noise, upper triangle by rows, shape [head (head + 1) / 2]. */
  readonly covariance: Float64Array;
}

/**
 * Ridge regression of the weights beta that banners share, on features z = f_a (x) x_head: every banner feature has weights of its own over
 * the first values of the context. P = ridge I + sum_a (f_a f_a^T) (x) M_a and P beta = sum_a f_a (x) v_a, from each banner's sums alone.
 * Built once per state revision: O(K (m h)^2 + (m h)^3) for m buckets and a head of h; what one kind of banner sees of it is computed
 * when first asked for, O(h (m h)^2), and kept.
 */
export class SharedEffects {
  private readonly factor: Float64Array;
  private readonly weights: Float64Array;
  private readonly effects = new Map<string, SharedEffect>();

  constructor(
    private readonly shape: SharedShape,
    terms: Iterable<SharedTerm>,
  ) {
    const size = this.size;
    this.factor = new Float64Array((size * (size + 1)) / 2);
    this.weights = new Float64Array(size);
    for (const term of terms) this.add(term);
    ldlFactorise(this.factor, size, shape.ridge);
    ldlForward({ numbers: this.factor, at: 0 }, this.weights, size);
    ldlBackward({ numbers: this.factor, at: 0 }, this.weights, size);
  }

  of(features: BannerFeatures): SharedEffect {
    const known = this.effects.get(features.key);
    if (known !== undefined) return known;
    const effect = { mean: this.meanOf(features.values), covariance: this.covarianceOf(features.values) };
    this.effects.set(features.key, effect);
    return effect;
  }

  private get size(): number {
    return this.shape.buckets * this.shape.head;
  }

  private add({ features, information, vector }: SharedTerm): void {
    const { buckets, head } = this.shape;
    for (let j = 0; j < buckets; j++) {
      const weight = features.values[j] ?? 0;
      if (weight === 0) continue;
      for (let i = 0; i < head; i++) this.weights[j * head + i] = (this.weights[j * head + i] ?? 0) + weight * (vector[i] ?? 0);
      for (let l = j; l < buckets; l++) this.addBlock(j, l, { information, weight: weight * (features.values[l] ?? 0) });
    }
  }

  /** Adds weight M to the block of buckets j <= l; of a block on the diagonal its upper triangle. */
  private addBlock(j: number, l: number, { information, weight }: { readonly information: Float64Array; readonly weight: number }): void {
    if (weight === 0) return;
    const { head } = this.shape;
    for (let a = 0; a < head; a++) {
      const row = j * head + a;
      const begin = row * this.size - (row * (row + 1)) / 2; // begin + column is the place of an entry of this row
      for (let b = j === l ? a : 0; b < head; b++) {
        const place = begin + l * head + b;
        this.factor[place] = (this.factor[place] ?? 0) + weight * (information[triangleIndex(a, b, head)] ?? 0);
      }
    }
  }

  private meanOf(values: Float64Array): Float64Array {
    const { buckets, head } = this.shape;
    const mean = new Float64Array(head);
    for (let j = 0; j < buckets; j++) {
      for (let i = 0; i < head; i++) mean[i] = (mean[i] ?? 0) + (values[j] ?? 0) * (this.weights[j * head + i] ?? 0);
    }
    return mean;
  }

  /** F^T P^-1 F for F = f (x) I: entry (a, b) is the product of the columns L^-1 F_a and L^-1 F_b over D. */
  private covarianceOf(values: Float64Array): Float64Array {
    const { buckets, head } = this.shape;
    const { size, factor } = this;
    const columns = Array.from({ length: head }, (_, a) => {
      const column = new Float64Array(size);
      for (let j = 0; j < buckets; j++) column[j * head + a] = values[j] ?? 0;
      ldlForward({ numbers: factor, at: 0 }, column, size);
      return column;
    });
    const covariance = new Float64Array((head * (head + 1)) / 2);
    columns.forEach((left, a) => {
      for (let b = a; b < head; b++) covariance[triangleIndex(a, b, head)] = overPivots(factor, left, columns[b] ?? left);
    });
    return covariance;
  }
}

export function sharedEffects(model: PoolModel): SharedEffects {
  invariant(model instanceof SharedEffects, 'a policy on shared weights reads its own pool');
  return model;
}

/** Place of entry (a, b) of a symmetric matrix kept as its upper triangle by rows. */
export function triangleIndex(a: number, b: number, size: number): number {
  const [row, column] = a <= b ? [a, b] : [b, a];
  return row * size - (row * (row + 1)) / 2 + column;
}

/** y^T C y. @param triangle upper triangle of C by rows @param y shape [size] */
export function quadraticForm(triangle: Float64Array, y: Float64Array, size: number): number {
  let sum = 0;
  let at = 0;
  for (let a = 0; a < size; a++) {
    const weight = y[a] ?? 0;
    let row = (triangle[at++] ?? 0) * weight;
    for (let b = a + 1; b < size; b++) row += 2 * (triangle[at++] ?? 0) * (y[b] ?? 0);
    sum += weight * row;
  }
  return Math.max(sum, 0);
}

function overPivots(factor: Float64Array, left: Float64Array, right: Float64Array): number {
  const size = left.length;
  let sum = 0;
  let pivot = 0;
  for (let k = 0; k < size; k++) {
    sum += ((left[k] ?? 0) * (right[k] ?? 0)) / (factor[pivot] ?? 1);
    pivot += size - k;
  }
  return sum;
}
