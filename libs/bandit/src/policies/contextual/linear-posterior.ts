import { invariant } from '@vitrine/kernel';
import { RidgeArena } from '../../numeric/ridge-arena';
import { RidgeRegression, type RegressionSums } from '../../numeric/ridge-regression';
import type { ArmModel } from '../../policy';
import { squareOf } from '../../statistics/additive';
import { LINEAR, triangleAt, triangleLength } from '../../statistics/linear.family';
import type { Observation } from '../../statistics/statistics-family';

/** Entries that a regression follows before it is computed anew from its sums, so that rounding stays bounded. */
const REFIT_AFTER = 8192;

/** Ridge regression of one banner. */
export class LinearPosterior extends RidgeRegression {
  followed = 0;
}

export function linearPosterior(model: ArmModel): LinearPosterior {
  invariant(model instanceof LinearPosterior, 'a linear policy reads its own models');
  return model;
}

/** The sums that linear statistics hold: views, not copies. */
export function regressionSums(statistics: Float64Array, dimension: number): RegressionSums {
  const matrixAt = triangleAt(dimension);
  invariant(statistics.length === matrixAt + triangleLength(dimension), 'linear statistics have the dimension of the policy');
  return {
    triangle: statistics.subarray(matrixAt),
    vector: statistics.subarray(LINEAR.vector, matrixAt),
    squares: statistics[LINEAR.squareSum] ?? 0,
  };
}

/** Turns linear statistics into posteriors; an untried banner has the prior's, which is shared. Holds scratch: one call at a time. */
export class LinearModeller {
  private readonly work: Float64Array;
  private readonly prior: LinearPosterior;
  private readonly arena: RidgeArena;

  constructor(
    private readonly dimension: number,
    private readonly ridge: number,
  ) {
    this.work = new Float64Array(dimension * dimension);
    this.prior = new LinearPosterior(dimension, ridge);
    this.arena = new RidgeArena(dimension);
  }

  derive(statistics: Float64Array | null): LinearPosterior {
    if (statistics === null) return this.prior;
    const posterior = new LinearPosterior(this.dimension, this.ridge);
    posterior.refit(regressionSums(statistics, this.dimension), this.work);
    return posterior;
  }

  /** Takes one entry into a posterior of its own. @param statistics with the entry folded in */
  follow(posterior: LinearPosterior, statistics: Float64Array, observation: Observation): void {
    invariant(posterior !== this.prior, 'the prior of all untried banners stays as it is');
    posterior.moveInto(this.arena);
    posterior.followed++;
    if (posterior.followed % REFIT_AFTER === 0) posterior.refit(regressionSums(statistics, this.dimension), this.work);
    else followEntry(posterior, observation);
  }
}

export function followEntry(regression: RidgeRegression, observation: Observation): void {
  const { kind, context, reward } = observation;
  if (kind === 'TRIAL') regression.addTrial(context, reward);
  else regression.addReward(context, reward, squareOf(observation));
}
