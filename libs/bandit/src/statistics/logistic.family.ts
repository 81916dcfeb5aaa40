import { ldlBackward, ldlForward, ldlOfRidge, ldlUpdate, type LdlFactor } from '../numeric/ldl';
import { dot } from '../numeric/dot';
import { sigmoid, sigmoidSlope } from '../numeric/sigmoid';
import { triangleLength } from './linear.family';
import type { Observation, StatisticsFamily } from './statistics-family';

/** Layout of the logistic family: `[trials, rewardSum, weights w (d), precision P as L D L^T, packed as in numeric/ldl (d (d + 1) / 2)]`. */
export const LOGISTIC = { trials: 0, rewardSum: 1, weights: 2 } as const;

/** Steps of the scalar equation: Newton's method takes about five; bisection alone would end at rounding in as many. */
const MOST_STEPS = 64;
const ROUNDING = 1e-15;

/**
 * Bayesian logistic regression of reward in [0, 1] on context, prior w ~ N(0, I / lambda): the normal N(w, P^-1) that stands for the
 * posterior of the weights, moved on by one trial at a time (Chapelle & Li's Laplace approximation with the whole covariance).
 *
 * The normal times the likelihood of one trial depends on the weights in the direction P^-1 x only, so its mode is one scalar
 * equation, eta = w x + x^T P^-1 x (r - sigmoid(eta)), which is solved; a single Newton step, as usual online, overshoots where the trial
 * is a surprise. The trial then adds its curvature at the mode: P += eta' x x^T, eta' = sigmoid'(eta).
 *
 * A later REWARD moves r in the same equation, at the weights as they are by then: a reward that comes before other trials of the banner
 * counts like the same reward at once (to rounding), a later one to first order in what was learned in between; taking a reward back restores what it did.
 *
 * The factor is changed by rank-one updates, which add and so keep their accuracy: there is no inverse that would need refreshing.
 * Neither mergeable nor un-foldable: where a trial's likelihood is expanded depends on the trials before it, so two parts do not add up
 * to the whole, and what an entry added is not known afterwards. Rebuild without the entry instead.
 *
 * @param lambda precision of the prior, positive; part of the layout's meaning: a policy owns its family
 * @see Chapelle & Li, An Empirical Evaluation of Thompson Sampling, NIPS 2011, algorithm 3 (there with a diagonal precision, in batches)
 */
export function logisticFamily(dimension: number, lambda: number): StatisticsFamily {
  const fold = new LogisticFold(dimension, lambda);
  return {
    name: 'logistic',
    version: 1,
    contextual: true,
    length: LOGISTIC.weights + dimension + triangleLength(dimension),
    fold: (statistics, observation) => fold.fold(statistics, observation),
  };
}

/** Where the factor of the precision begins. */
export function precisionAt(dimension: number): number {
  return LOGISTIC.weights + dimension;
}

/** Holds scratch: one entry at a time. */
class LogisticFold {
  private readonly direction: Float64Array;
  private readonly scratch: Float64Array;

  constructor(
    private readonly dimension: number,
    private readonly lambda: number,
  ) {
    this.direction = new Float64Array(dimension);
    this.scratch = new Float64Array(dimension);
  }

  fold(statistics: Float64Array, observation: Observation): void {
    const factor: LdlFactor = { numbers: statistics, at: precisionAt(this.dimension) };
    // A pivot is at least lambda, so a zero is the zero of statistics that know nothing.
    if (statistics[factor.at] === 0) ldlOfRidge(factor, this.dimension, this.lambda);
    if (observation.kind === 'TRIAL') statistics[LOGISTIC.trials] = (statistics[LOGISTIC.trials] ?? 0) + 1;
    statistics[LOGISTIC.rewardSum] = (statistics[LOGISTIC.rewardSum] ?? 0) + observation.reward;
    this.learn(factor, observation);
  }

  private learn(factor: LdlFactor, { kind, context, reward }: Observation): void {
    const { direction, dimension } = this;
    direction.set(context);
    const variance = ldlForward(factor, direction, dimension);
    if (!(variance > 0)) return; // a context of zeros says nothing of the weights
    ldlBackward(factor, direction, dimension);
    const predictor = predictorOf(factor.numbers, context);
    // What the prior alone knows in this direction: without the trial's own curvature no less may be left.
    const least = this.lambda / dot(context, context, dimension);
    const curvature = kind === 'TRIAL' ? 0 : sigmoidSlope(predictor);
    const stiffness = Math.max(1 / variance - curvature, least);
    const pull = kind === 'TRIAL' ? reward : reward + sigmoid(predictor);
    const move = moveToMode(predictor, stiffness, pull);
    moveWeights(factor.numbers, direction, move / variance);
    this.scratch.set(context);
    const change = sigmoidSlope(predictor + move) - curvature;
    ldlUpdate(factor, Math.max(change, least - 1 / variance), this.scratch);
  }
}

/** Linear predictor w x. */
function predictorOf(statistics: Float64Array, context: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < context.length; i++) sum += (statistics[LOGISTIC.weights + i] ?? 0) * (context[i] ?? 0);
  return sum;
}

function moveWeights(statistics: Float64Array, direction: Float64Array, length: number): void {
  for (let i = 0; i < direction.length; i++) {
    statistics[LOGISTIC.weights + i] = (statistics[LOGISTIC.weights + i] ?? 0) + length * (direction[i] ?? 0);
  }
}

/**
 * The u at which stiffness u + sigmoid(predictor + u) = pull; the left side rises. Newton's method within a shrinking bracket: a step
 * that leaves it, or that is not at most half the one before, is replaced by a bisection.
 *
 * @see Press, Teukolsky, Vetterling & Flannery, Numerical Recipes, 3rd ed. (2007), section 9.4
 */
function moveToMode(predictor: number, stiffness: number, pull: number): number {
  let low = (pull - 1) / stiffness;
  let high = pull / stiffness;
  let move = Math.min(Math.max(0, low), high);
  let stride = high - low;
  for (let step = 0; step < MOST_STEPS; step++) {
    const excess = stiffness * move + sigmoid(predictor + move) - pull;
    if (excess > 0) high = move;
    else low = move;
    const newton = move - excess / (stiffness + sigmoidSlope(predictor + move));
    const converges = newton >= low && newton <= high && Math.abs(newton - move) <= stride / 2;
    const next = converges ? newton : (low + high) / 2;
    stride = Math.abs(next - move);
    move = next;
    if (stride <= ROUNDING * (1 + Math.abs(move))) return move;
  }
  return move;
}
