import { invariant } from '@vitrine/kernel';
import type { ArmModel, PoolModel } from '../../../policy';
import { autoArm } from './auto-arm';
import { solveRidged } from '../../../numeric/cholesky';
import { dot } from '../../../numeric/dot';
import { logEvidence, logPrior, noiseVariance, type Learner, type LearnerScore } from './learners';

/** Learners that hold less of the whole are left out: what they would add is lost in the noise, and they cost time. */
const LEAST_SHARE = 1e-3;

/** How far each learner is trusted after all trials of all banners. */
export interface AutoPool {
  /** Shape [learners], sum 1; 0 for those left out. */
  readonly shares: Float64Array;
  /** Weights that banners have in common, per learner; null for learners that take each banner on its own. */
  readonly common: readonly (Float64Array | null)[];
  /** Sum of the shares of learners on products of the context's values. */
  readonly quadraticShare: number;
  /** Standard deviation of what the learners cannot foresee of a reward. */
  readonly noise: number;
}

export function autoPool(model: PoolModel): AutoPool {
  invariant(typeof model === 'object' && model !== null && 'shares' in model, 'auto reads its own pool');
  return model as AutoPool; // checked by the mark that only its own pools carry
}

/** Weighs the learners by the probability that they gave to all rewards before they came, and by how far they are trusted without any. */
export function derivePool(learners: readonly Learner[], arms: readonly ArmModel[]): AutoPool {
  const priors = learners.map(logPrior);
  const fits = learners.map((learner, l) => fitOf(learner, l, arms));
  const scores = fits.map(({ score }) => score);
  const evidence = fits.map(({ score }, l) => logEvidence(score) + (priors[l] ?? 0));
  const best = Math.max(...evidence);
  const shares = Float64Array.from(evidence, (score) => Math.exp(score - best));
  rescale(shares, 0);
  rescale(shares, LEAST_SHARE);
  let variance = 0;
  let quadraticShare = 0;
  learners.forEach(({ features }, l) => {
    const share = shares[l] ?? 0;
    const score = scores[l];
    if (score !== undefined) variance += share * noiseVariance(score);
    if (features === 'quadratic') quadraticShare += share;
  });
  return { shares, common: fits.map(({ common }) => common), quadraticShare, noise: Math.sqrt(variance) };
}

interface LearnerFit {
  readonly score: LearnerScore;
  readonly common: Float64Array | null;
}

function fitOf({ ridge, commonRidge }: Learner, l: number, arms: readonly ArmModel[]): LearnerFit {
  const own = scoreOf(arms, l);
  const first = arms[0] === undefined ? null : (autoArm(arms[0]).fitted[l]?.regression ?? null);
  if (commonRidge === null || first === null) return { score: own, common: null };
  return withCommon(own, { l, ridge, commonRidge, dimension: first.dimension }, arms);
}

/**
 * Weights w_a ~ N(w, s^2 / ridge) around common ones w ~ N(0, s^2 / commonRidge). Without a banner's own part, its trials tell
 * M_a = ridge I - ridge^2 A_a^-1 and v_a = ridge A_a^-1 b_a of w, both at hand from its own regression; so w solves
 * (commonRidge I + sum M_a) w = sum v_a, and a banner's weights become A_a^-1 b_a + ridge A_a^-1 w.
 *
 * @see Lindley & Smith, Bayes Estimates for the Linear Model, JRSS B 34 (1972)
 */
function withCommon(
  own: LearnerScore,
  {
    l,
    ridge,
    commonRidge,
    dimension,
  }: { readonly l: number; readonly ridge: number; readonly commonRidge: number; readonly dimension: number },
  arms: readonly ArmModel[],
): LearnerFit {
  const triangle = new Float64Array((dimension * (dimension + 1)) / 2);
  const vector = new Float64Array(dimension);
  for (const model of arms) {
    const regression = autoArm(model).fitted[l]?.regression;
    if (regression === undefined) continue;
    for (let k = 0; k < triangle.length; k++) triangle[k] = (triangle[k] ?? 0) - ridge * ridge * (regression.inverse[k] ?? 0);
    for (let i = 0; i < dimension; i++) vector[i] = (vector[i] ?? 0) + ridge * (regression.weights[i] ?? 0);
  }
  let at = 0;
  for (let i = 0; i < dimension; at += dimension - i++) triangle[at] = (triangle[at] ?? 0) + ridge * arms.length;
  const common = new Float64Array(dimension);
  const determinant = solveRidged({ triangle, vector }, commonRidge, { out: common, work: new Float64Array(dimension * dimension) });
  const residual = Math.max(own.residual - dot(vector, common, dimension), 0);
  return { score: { ...own, logDeterminant: own.logDeterminant + determinant, residual }, common };
}

function scoreOf(arms: readonly ArmModel[], l: number): LearnerScore {
  let [trials, logDeterminant, residual] = [0, 0, 0];
  for (const model of arms) {
    const arm = autoArm(model);
    const regression = arm.fitted[l]?.regression;
    trials += arm.trials;
    logDeterminant += regression?.logDeterminant ?? 0;
    residual += regression?.residual ?? 0;
  }
  return { trials, logDeterminant, residual };
}

/** Drops what is below `least`, then makes the rest sum to 1. */
function rescale(shares: Float64Array, least: number): void {
  let total = 0;
  for (let l = 0; l < shares.length; l++) {
    if ((shares[l] ?? 0) < least) shares[l] = 0;
    total += shares[l] ?? 0;
  }
  for (let l = 0; l < shares.length; l++) shares[l] = (shares[l] ?? 0) / total;
}
