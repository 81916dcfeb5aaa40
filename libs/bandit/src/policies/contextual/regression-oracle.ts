import { invariant } from '@vitrine/kernel';
import { dot } from '../../numeric/dot';
import { sigmoid } from '../../numeric/sigmoid';
import type { ArmModel } from '../../policy';
import { linearFamily, LINEAR } from '../../statistics/linear.family';
import { LOGISTIC, logisticFamily } from '../../statistics/logistic.family';
import type { Observation, StatisticsFamily } from '../../statistics/statistics-family';
import { LinearModeller, linearPosterior, type LinearPosterior } from './linear-posterior';
import { LogisticModeller, logisticPosterior, type LogisticPosterior } from './logistic-posterior';

export type OracleName = 'linear' | 'logistic';

/** A regression of reward on context for each banner, of which a policy reads the estimates only. */
export interface RegressionOracle {
  readonly family: StatisticsFamily;
  derive(statistics: Float64Array | null): RegressionArm;
  /** @param statistics with the observation folded in */
  follow(arm: RegressionArm, statistics: Float64Array, observation: Observation): void;
  /** Expected reward. @param context shape [dimension] */
  estimate(arm: RegressionArm, context: Float64Array): number;
}

export class RegressionArm {
  constructor(
    readonly fit: LinearPosterior | LogisticPosterior,
    public trials: number,
  ) {}
}

export function regressionArm(model: ArmModel): RegressionArm {
  invariant(model instanceof RegressionArm, 'a policy on regressions reads its own models');
  return model;
}

/** @param lambda linear: ridge; logistic: precision of the prior */
export function createOracle(name: OracleName, dimension: number, lambda: number): RegressionOracle {
  return name === 'linear' ? new LinearOracle(dimension, lambda) : new LogisticOracle(dimension, lambda);
}

class LinearOracle implements RegressionOracle {
  readonly family: StatisticsFamily;
  private readonly modeller: LinearModeller;

  constructor(
    private readonly dimension: number,
    lambda: number,
  ) {
    this.family = linearFamily(dimension);
    this.modeller = new LinearModeller(dimension, lambda);
  }

  derive(statistics: Float64Array | null): RegressionArm {
    return new RegressionArm(this.modeller.derive(statistics), trialsIn(statistics, LINEAR.trials));
  }

  follow(arm: RegressionArm, statistics: Float64Array, observation: Observation): void {
    this.modeller.follow(linearPosterior(arm.fit), statistics, observation);
    arm.trials = trialsIn(statistics, LINEAR.trials);
  }

  estimate({ fit }: RegressionArm, context: Float64Array): number {
    return dot(fit.weights, context, this.dimension);
  }
}

class LogisticOracle implements RegressionOracle {
  readonly family: StatisticsFamily;
  private readonly modeller: LogisticModeller;

  constructor(
    private readonly dimension: number,
    lambda: number,
  ) {
    this.family = logisticFamily(dimension, lambda);
    this.modeller = new LogisticModeller(dimension, lambda);
  }

  derive(statistics: Float64Array | null): RegressionArm {
    return new RegressionArm(this.modeller.derive(statistics), trialsIn(statistics, LOGISTIC.trials));
  }

  follow(arm: RegressionArm, statistics: Float64Array): void {
    this.modeller.follow(logisticPosterior(arm.fit), statistics);
    arm.trials = trialsIn(statistics, LOGISTIC.trials);
  }

  estimate({ fit }: RegressionArm, context: Float64Array): number {
    return sigmoid(dot(fit.weights, context, this.dimension));
  }
}

/** Un-folding can leave a little less than nothing. */
function trialsIn(statistics: Float64Array | null, place: number): number {
  return Math.max(statistics?.[place] ?? 0, 0);
}
