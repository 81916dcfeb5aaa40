import { quadraticLength } from '../../../statistics/quadratic.family';

/** A regression of reward on features of the context; all learn from the same trials. */
export interface Learner {
  readonly name: string;
  readonly features: 'linear' | 'quadratic';
  /** Precision of the prior of a banner's own weights, in units of 1 / noise. */
  readonly ridge: number;
  /**
   * Banners have something in common: their weights vary around common ones, whose prior has this precision. Null: around 0, each on its
   * own.
   */
  readonly commonRidge: number | null;
}

/** Every learner that `auto` may run: how strongly weights are drawn to 0, on the context and on its products. */
export const LEARNERS: readonly Learner[] = [
  { name: 'ridge-0.3', features: 'linear', ridge: 0.3, commonRidge: null },
  { name: 'ridge-1', features: 'linear', ridge: 1, commonRidge: null },
  { name: 'ridge-3', features: 'linear', ridge: 3, commonRidge: null },
  { name: 'ridge-10', features: 'linear', ridge: 10, commonRidge: null },
  { name: 'ridge-30', features: 'linear', ridge: 30, commonRidge: null },
  { name: 'common-10', features: 'linear', ridge: 10, commonRidge: 3 },
  { name: 'quadratic-1', features: 'quadratic', ridge: 1, commonRidge: null },
  { name: 'quadratic-10', features: 'quadratic', ridge: 10, commonRidge: null },
];

/** Natural logarithms of odds per e-fold of ridge away from 1, and for having something in common. */
const SCEPTICISM = 4;

/**
 * Logarithm of how far a learner is trusted before any trial, up to a constant. The evidence of a few trials says little, and a learner
 * that shrinks hard stops exploring early: ridge 1 leads until the evidence against it is substantial.
 */
export function logPrior({ ridge, commonRidge }: Learner): number {
  return -SCEPTICISM * (Math.abs(Math.log(ridge)) + (commonRidge === null ? 0 : 1));
}

/** Of the prior of the noise: as if one trial had been predicted with this squared error. */
const PRIOR_SQUARE = 0.5;
const PRIOR_TRIALS = 2;

/**
 * Logarithm of the probability that a learner gave, trial by trial and before each was known, to the rewards that came (its progressive
 * score), up to a constant that all learners share: the marginal likelihood of Bayesian linear regression with unknown noise. It is a
 * function of sums, so neither the order of trials nor how they were folded matters, and a trial can be taken out.
 *
 * @param logDeterminant sum over banners of ln det(A / ridge)
 * @param residual sum over banners of sum r^2 - b^T A^-1 b
 * @see Bishop, Pattern Recognition and Machine Learning (2006), sections 3.4 and 3.5; Dawid, Present Position and Potential Developments:
 * the Prequential Approach, JRSS A 147 (1984)
 */
export function logEvidence({ trials, logDeterminant, residual }: LearnerScore): number {
  return -0.5 * logDeterminant - 0.5 * (PRIOR_TRIALS + trials) * Math.log(PRIOR_SQUARE + residual);
}

export interface LearnerScore {
  readonly trials: number;
  readonly logDeterminant: number;
  readonly residual: number;
}

/** Expected square of what a learner cannot foresee of a reward. */
export function noiseVariance({ trials, residual }: LearnerScore): number {
  return (PRIOR_SQUARE + residual) / (PRIOR_TRIALS + trials);
}

/** How long the features of a learner are. */
export function featureLength(features: Learner['features'], dimension: number): number {
  return features === 'linear' ? dimension : quadraticLength(dimension);
}
