import { invariant } from '@vitrine/kernel';
import { dot } from '../../numeric/dot';
import { ldlForward, ldlOfRidge, type LdlFactor } from '../../numeric/ldl';
import type { ArmModel } from '../../policy';
import { LOGISTIC, precisionAt } from '../../statistics/logistic.family';
import { triangleLength } from '../../statistics/linear.family';

/** Logistic regression of one banner: weights ~ N(weights, P^-1), P kept as its factor. */
export class LogisticPosterior {
  readonly weights: Float64Array;
  readonly precision: LdlFactor;

  /** @param numbers statistics of the logistic family, its own copy */
  constructor(
    readonly numbers: Float64Array,
    dimension: number,
  ) {
    this.weights = numbers.subarray(LOGISTIC.weights, precisionAt(dimension));
    this.precision = { numbers, at: precisionAt(dimension) };
  }
}

export function logisticPosterior(model: ArmModel): LogisticPosterior {
  invariant(model instanceof LogisticPosterior, 'a logistic policy reads its own models');
  return model;
}

/**
 * Reads the logistic family: statistics are the posterior already, so that deriving and following are copies.
 * An untried banner has the prior's, which is shared. Holds scratch: one decision at a time.
 */
export class LogisticModeller {
  private readonly prior: LogisticPosterior;
  private readonly scratch: Float64Array;

  constructor(
    private readonly dimension: number,
    lambda: number,
  ) {
    this.scratch = new Float64Array(dimension);
    this.prior = new LogisticPosterior(new Float64Array(precisionAt(dimension) + triangleLength(dimension)), dimension);
    ldlOfRidge(this.prior.precision, dimension, lambda);
  }

  derive(statistics: Float64Array | null): LogisticPosterior {
    if (statistics === null) return this.prior;
    invariant(statistics.length === this.prior.numbers.length, 'logistic statistics have the dimension of the policy');
    // Statistics that know nothing are the prior's, and may be followed: a copy of its own.
    const known = statistics[this.prior.precision.at] !== 0;
    return new LogisticPosterior((known ? statistics : this.prior.numbers).slice(), this.dimension);
  }

  follow(posterior: LogisticPosterior, statistics: Float64Array): void {
    invariant(posterior !== this.prior, 'the prior of all untried banners stays as it is');
    posterior.numbers.set(statistics);
  }

  /** Mean of the linear predictor w x: the log odds of a reward of 1. */
  mean({ weights }: LogisticPosterior, context: Float64Array): number {
    return dot(weights, context, this.dimension);
  }

  /** Standard deviation of the linear predictor: the root of x^T P^-1 x. */
  deviation({ precision }: LogisticPosterior, context: Float64Array): number {
    this.scratch.set(context);
    return Math.sqrt(ldlForward(precision, this.scratch, this.dimension));
  }
}
