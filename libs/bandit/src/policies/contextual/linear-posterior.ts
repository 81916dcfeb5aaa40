import { invariant } from '@vitrine/kernel';
import { invertRidged } from '../../numeric/cholesky';
import type { ArmModel } from '../../policy';
import { LINEAR, triangleLength } from '../../statistics/linear.family';

/** Ridge regression of one banner: weights A^-1 b and the inverse of A = ridge I + sum x x^T (upper triangle by rows). */
export class LinearPosterior {
  constructor(
    readonly weights: Float64Array,
    readonly inverse: Float64Array,
  ) {}
}

export function linearPosterior(model: ArmModel): LinearPosterior {
  invariant(model instanceof LinearPosterior, 'a linear policy reads its own models');
  return model;
}

/** Product of a symmetric matrix, kept as its upper triangle by rows, and a vector. */
function multiplySymmetric(triangle: Float64Array, vector: Float64Array): Float64Array {
  const d = vector.length;
  const out = new Float64Array(d);
  let at = 0;
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      const entry = triangle[at++] ?? 0;
      out[i] = (out[i] ?? 0) + entry * (vector[j] ?? 0);
      if (j > i) out[j] = (out[j] ?? 0) + entry * (vector[i] ?? 0);
    }
  }
  return out;
}

/** Turns linear statistics into posteriors; an untried banner has the prior's, which is shared. Holds scratch: one call at a time. */
export class LinearModeller {
  private readonly work: Float64Array;
  private readonly prior: LinearPosterior;

  constructor(
    private readonly dimension: number,
    private readonly ridge: number,
  ) {
    this.work = new Float64Array(dimension * dimension);
    this.prior = this.fromSums(new Float64Array(triangleLength(dimension)), new Float64Array(dimension));
  }

  derive(statistics: Float64Array | null): LinearPosterior {
    if (statistics === null) return this.prior;
    const matrixAt = LINEAR.vector + this.dimension;
    invariant(statistics.length === matrixAt + triangleLength(this.dimension), 'linear statistics have the dimension of the policy');
    return this.fromSums(statistics.subarray(matrixAt), statistics.subarray(LINEAR.vector, matrixAt));
  }

  private fromSums(triangle: Float64Array, vector: Float64Array): LinearPosterior {
    const inverse = new Float64Array(triangle.length);
    invertRidged(triangle, this.ridge, inverse, this.work);
    return new LinearPosterior(multiplySymmetric(inverse, vector), inverse);
  }
}
