import { invariant } from '@vitrine/kernel';
import type { TunableEstimator } from '../estimators/estimator';
import { meanOf } from '../intervals/moments';
import { studentTHalfWidth } from '../intervals/student-t-interval';
import type { LoggedRounds } from '../rounds/logged-rounds';
import { checkedCandidates, type Tuned, type TuningOptions } from './tuning-options';

/** Of the paper's proof: how much of an accepted candidate's width a later one may use up. */
const SLACK = Math.sqrt(6) - 1;

interface Candidate extends Tuned {
  readonly halfWidth: number;
}

/**
 * SLOPE: walks from the candidate with the widest interval (least bias, most variance) to the narrowest and stops before the first
 * whose value lies too far from one accepted before, |theta_i - theta_j| > c_i + (sqrt(6) - 1) c_j: what differs by more than noise must
 * be bias. Of candidates with equal widths the smallest goes first, so that the largest is kept.
 *
 * @throws DomainError ESTIMATOR_PARAMETER_INVALID, REWARD_MODEL_MISSING
 * @see Su, Srinath & Krishnamurthy, Adaptive Estimator Selection for Off-Policy Evaluation, ICML 2020; Tucker & Lee, Improved Estimator
 * Selection for Off-Policy Evaluation (2021), for starting anywhere
 */
export function tuneBySlope(estimator: TunableEstimator, rounds: LoggedRounds, options: TuningOptions): Tuned {
  const widestFirst = checkedCandidates(estimator, options)
    .map((parameter) => candidateOf(estimator, rounds, { parameter, delta: options.delta }))
    .sort((a, b) => b.halfWidth - a.halfWidth || a.parameter - b.parameter);
  const stop = widestFirst.findIndex((candidate, i) => !widestFirst.slice(0, i).every((earlier) => isWithinNoise(candidate, earlier)));
  const chosen = widestFirst.at(stop < 0 ? -1 : stop - 1);
  invariant(chosen !== undefined, 'the widest candidate has none before it to differ from');
  return { parameter: chosen.parameter, value: chosen.value };
}

function candidateOf(
  estimator: TunableEstimator,
  rounds: LoggedRounds,
  { parameter, delta }: { readonly parameter: number; readonly delta: number },
): Candidate {
  const terms = estimator.roundTerms(rounds, parameter);
  return { parameter, value: meanOf(terms), halfWidth: studentTHalfWidth(terms, delta) };
}

function isWithinNoise(candidate: Candidate, earlier: Candidate): boolean {
  return Math.abs(candidate.value - earlier.value) <= candidate.halfWidth + SLACK * earlier.halfWidth;
}
