import { RidgeArena } from '../../../numeric/ridge-arena';
import { RidgeRegression, type RegressionSums } from '../../../numeric/ridge-regression';
import { squareOf } from '../../../statistics/additive';
import { LINEAR } from '../../../statistics/linear.family';
import type { Observation } from '../../../statistics/statistics-family';
import { regressionSums } from '../linear-posterior';
import { AutoArm, leadingSums, reference, type Fitted, type Reference } from './auto-arm';
import { featureLength, type Learner } from './learners';

/** Entries that regressions follow before they are computed anew from their sums, so that rounding stays bounded. */
const REFIT_AFTER = 8192;
/** Ridge of the regressions whose inverse says how much is not known yet. */
const REFERENCE_RIDGE = 1;

export interface AutoShape {
  readonly dimension: number;
  readonly learners: readonly Learner[];
  /** Whether statistics hold products of the context's values as well. */
  readonly quadratic: boolean;
}

/** Turns the statistics of one banner into the regressions of every learner. Holds scratch: one call at a time. */
export class AutoModeller {
  private readonly work: Readonly<Record<Learner['features'], Float64Array>>;
  private readonly prior: AutoArm;
  private readonly arenas: Readonly<Record<Learner['features'], RidgeArena>>;

  constructor(private readonly shape: AutoShape) {
    const square = (features: Learner['features']): Float64Array => new Float64Array(featureLength(features, shape.dimension) ** 2);
    this.work = { linear: square('linear'), quadratic: shape.quadratic ? square('quadratic') : new Float64Array(0) };
    this.prior = this.untrained();
    this.arenas = {
      linear: new RidgeArena(featureLength('linear', shape.dimension)),
      quadratic: new RidgeArena(featureLength('quadratic', shape.dimension)),
    };
  }

  /** Length of the features that the statistics are over. */
  get length(): number {
    return featureLength(this.shape.quadratic ? 'quadratic' : 'linear', this.shape.dimension);
  }

  derive(statistics: Float64Array | null): AutoArm {
    if (statistics === null) return this.prior;
    const arm = this.untrained();
    this.refit(arm, statistics, false);
    return arm;
  }

  /**
   * @param statistics with the entry folded in
   * @param features of the entry's context, linear and (where there are any) quadratic
   */
  follow(arm: AutoArm, statistics: Float64Array, { observation, features }: FollowedEntry): void {
    arm.followed++;
    arm.mixedFor = null;
    if (arm.trials === 0) this.makeFollowable(arm); // nothing was learned: every inverse is the prior's
    if (!arm.followable || arm.followed % REFIT_AFTER === 0) return this.refit(arm, statistics, true);
    for (const { regression, features: kind } of arm.regressions()) {
      const x = kind === 'linear' ? observation.context : features;
      if (observation.kind === 'TRIAL') regression.addTrial(x, observation.reward);
      else regression.addReward(x, observation.reward, squareOf(observation));
    }
    this.settle(arm, statistics);
  }

  private refit(arm: AutoArm, statistics: Float64Array, withInverses: boolean): void {
    const quadratic = regressionSums(statistics, this.length);
    const sums: Record<Learner['features'], RegressionSums> = { quadratic, linear: leadingSums(quadratic, this.shape.dimension) };
    const inverted = new Set([arm.linear.regression, arm.quadratic?.regression, ...arm.fitted.flatMap(sharing)]);
    for (const { regression, features } of arm.regressions()) {
      if (withInverses || inverted.has(regression)) regression.refit(sums[features], this.work[features]);
      else regression.refitWeights(sums[features], this.work[features]);
    }
    if (withInverses) this.makeFollowable(arm);
    this.settle(arm, statistics);
  }

  private makeFollowable(arm: AutoArm): void {
    if (arm.followable) return;
    for (const { regression, features } of arm.regressions()) regression.moveInto(this.arenas[features]);
    arm.followable = true;
  }

  private settle(arm: AutoArm, statistics: Float64Array): void {
    arm.trials = Math.max(statistics[LINEAR.trials] ?? 0, 0);
    arm.linear.boundsAreCurrent = false;
    if (arm.quadratic !== null) arm.quadratic.boundsAreCurrent = false;
  }

  private untrained(): AutoArm {
    const { learners, dimension, quadratic } = this.shape;
    const regressions = new Map<string, RidgeRegression>();
    const regressionOf = (features: Learner['features'], ridge: number): RidgeRegression => {
      const known = regressions.get(`${features} ${ridge}`) ?? new RidgeRegression(featureLength(features, dimension), ridge);
      regressions.set(`${features} ${ridge}`, known);
      return known;
    };
    const fitted = learners.map((learner): Fitted => ({ learner, regression: regressionOf(learner.features, learner.ridge) }));
    const referenceOf = (features: Learner['features']): Reference => reference(regressionOf(features, REFERENCE_RIDGE));
    return new AutoArm(fitted, referenceOf('linear'), quadratic ? referenceOf('quadratic') : null);
  }
}

/** Learners on what banners have in common read the inverse. */
function sharing({ learner, regression }: Fitted): readonly RidgeRegression[] {
  return learner.commonRidge === null ? [] : [regression];
}

export interface FollowedEntry {
  readonly observation: Observation;
  readonly features: Float64Array;
}
