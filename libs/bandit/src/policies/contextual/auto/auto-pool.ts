import { invariant } from '@vitrine/kernel';
import type { ArmModel, PoolModel } from '../../../policy';
import { autoArm } from './auto-arm';
import { logEvidence, noiseVariance, type Learner, type LearnerScore } from './learners';

/** Learners that hold less of the whole are left out: what they would add is lost in the noise, and they cost time. */
const LEAST_SHARE = 1e-3;

/** How far each learner is trusted after all trials of all banners. */
export interface AutoPool {
  /** Shape [learners], sum 1; 0 for those left out. */
  readonly shares: Float64Array;
  /** Sum of the shares of learners on products of the context's values. */
  readonly quadraticShare: number;
  /** Standard deviation of what the learners cannot foresee of a reward. */
  readonly noise: number;
}

export function autoPool(model: PoolModel): AutoPool {
  invariant(typeof model === 'object' && model !== null && 'shares' in model, 'auto reads its own pool');
  return model as AutoPool; // checked by the mark that only its own pools carry
}

/** Weighs the learners by the probability that they gave to all rewards before they came. */
export function derivePool(learners: readonly Learner[], arms: readonly ArmModel[]): AutoPool {
  const scores = learners.map((_, l) => scoreOf(arms, l));
  const evidence = scores.map(logEvidence);
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
  return { shares, quadraticShare, noise: Math.sqrt(variance) };
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
