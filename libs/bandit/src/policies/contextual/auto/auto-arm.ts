import { invariant } from '@vitrine/kernel';
import type { RidgeRegression, RegressionSums } from '../../../numeric/ridge-regression';
import type { ArmModel } from '../../../policy';
import type { Learner } from './learners';

/** One regression of one banner. */
export interface Fitted {
  readonly learner: Learner;
  readonly regression: RidgeRegression;
}

/** What is not certain of one banner: the inverse of one regression per kind of features, and bounds on it. */
export interface Reference {
  readonly regression: RidgeRegression;
  /** x^T A^-1 x <= sum x_i^2 bounds_i (Gershgorin); shape [length of the features]. */
  readonly bounds: Float64Array;
  boundsAreCurrent: boolean;
}

/** The regressions of one banner. */
export class AutoArm {
  trials = 0;
  /** Entries followed since the regressions were computed from their sums. */
  followed = 0;
  /** Whether every regression has its inverse, as following needs. */
  followable = false;
  /** Weights averaged over learners, shape [length of the longest features]; of the pool they were averaged for. */
  mixed: Float64Array;
  mixedFor: unknown = null;
  /** Scratch, shape [dimension]: what the banner takes from the common weights. */
  readonly lent: Float64Array;

  constructor(
    readonly fitted: readonly Fitted[],
    readonly linear: Reference,
    readonly quadratic: Reference | null,
  ) {
    this.mixed = new Float64Array((quadratic ?? linear).regression.dimension);
    this.lent = new Float64Array(linear.regression.dimension);
  }

  /** All regressions, each once: a reference may be a learner's as well. */
  *regressions(): Iterable<{ readonly regression: RidgeRegression; readonly features: Learner['features'] }> {
    const seen = new Set<RidgeRegression>();
    for (const { regression, learner } of this.fitted) {
      if (!seen.has(regression)) yield { regression, features: learner.features };
      seen.add(regression);
    }
    if (!seen.has(this.linear.regression)) yield { regression: this.linear.regression, features: 'linear' };
    if (this.quadratic !== null && !seen.has(this.quadratic.regression)) {
      yield { regression: this.quadratic.regression, features: 'quadratic' };
    }
  }
}

export function autoArm(model: ArmModel): AutoArm {
  invariant(model instanceof AutoArm, 'auto reads its own models');
  return model;
}

export function reference(regression: RidgeRegression): Reference {
  return { regression, bounds: new Float64Array(regression.dimension), boundsAreCurrent: false };
}

/** Sums of absolute values of the inverse's rows. */
export function currentBounds(of: Reference): Float64Array {
  const { bounds, regression } = of;
  if (of.boundsAreCurrent) return bounds;
  const { inverse, dimension } = regression;
  bounds.fill(0);
  let at = 0;
  for (let i = 0; i < dimension; i++) {
    let row = bounds[i] ?? 0;
    row += inverse[at++] ?? 0;
    for (let j = i + 1; j < dimension; j++) {
      const size = Math.abs(inverse[at++] ?? 0);
      row += size;
      bounds[j] = (bounds[j] ?? 0) + size;
    }
    bounds[i] = row;
  }
  of.boundsAreCurrent = true;
  return bounds;
}

/** The sums of the first `length` features, out of those of more: a leading block. */
export function leadingSums({ triangle, vector, squares }: RegressionSums, length: number): RegressionSums {
  if (vector.length === length) return { triangle, vector, squares };
  const block = new Float64Array((length * (length + 1)) / 2);
  let from = 0;
  let to = 0;
  for (let i = 0; i < length; i++) {
    block.set(triangle.subarray(from, from + length - i), to);
    from += vector.length - i;
    to += length - i;
  }
  return { triangle: block, vector: vector.subarray(0, length), squares };
}
