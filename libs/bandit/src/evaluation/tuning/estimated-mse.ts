import { invariant } from '@vitrine/kernel';
import { rewardModelOf, type TunableEstimator } from '../estimators/estimator';
import { maxOf, meanOf, spreadOf } from '../intervals/moments';
import type { LoggedRounds } from '../rounds/logged-rounds';
import { checkedCandidates, type Tuned, type TuningOptions } from './tuning-options';

/**
 * Takes the candidate with the lowest estimate of the mean squared error, var(R) / n + B^2, with B an upper bound of the bias (see
 * {@link biasBound}); of exactly equal ones the largest, which of thresholds is the one that changes least.
 *
 * @throws DomainError ESTIMATOR_PARAMETER_INVALID, REWARD_MODEL_MISSING
 * @see Wang, Agarwal & Dudik, Optimal and Adaptive Off-policy Evaluation in Contextual Bandits, ICML 2017; Su, Dimakopoulou,
 * Krishnamurthy & Dudik, Doubly Robust Off-Policy Evaluation with Shrinkage, ICML 2020
 */
export function tuneByEstimatedMse(estimator: TunableEstimator, rounds: LoggedRounds, options: TuningOptions): Tuned {
  let best: (Tuned & { readonly error: number }) | null = null;
  for (const parameter of [...checkedCandidates(estimator, options)].sort((a, b) => b - a)) {
    const { n, mean, squares } = spreadOf(estimator.roundTerms(rounds, parameter));
    const error = squares / n / n + biasBound(estimator, rounds, { parameter, delta: options.delta }) ** 2;
    if (best === null || error < best.error) best = { parameter, value: mean, error };
  }
  invariant(best !== null, 'there is at least one candidate');
  return { parameter: best.parameter, value: best.value };
}

/**
 * |mean((w - w') (r - q))|, the bias that the changed weights w' show on the log (q = 0 without a model), plus what Bernstein's inequality
 * adds for its noise: sqrt(2 mean(w^2) ln(2 / delta) / n) + 2 max(w) ln(2 / delta) / (3 n).
 */
function biasBound(
  { usesModel, changedWeight }: TunableEstimator,
  rounds: LoggedRounds,
  { parameter, delta }: { readonly parameter: number; readonly delta: number },
): number {
  const { weight, reward, rounds: n } = rounds;
  const ofLogged = usesModel ? rewardModelOf(rounds).ofLogged : null;
  const lost = weight.map((w, i) => (w - changedWeight(w, parameter)) * ((reward[i] ?? 0) - (ofLogged?.[i] ?? 0)));
  const meanSquare = meanOf(weight.map((w) => w * w));
  const log = Math.log(2 / delta);
  return Math.abs(meanOf(lost)) + Math.sqrt((2 * meanSquare * log) / n) + (2 * maxOf(weight) * log) / (3 * n);
}
