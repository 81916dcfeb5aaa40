import { invariant } from '@vitrine/kernel';

/** Probabilities are kept this far from 0 and 1, so that one sure mistake costs 36 and not infinity. */
const LEAST_PROBABILITY = Number.EPSILON;

/**
 * Mean of -ln of the probability given to what happened, in nats.
 *
 * @param probabilities of outcome 1, in [0, 1], shape [rows], not empty
 * @param target 1 or 0 per row
 */
export function logLoss(probabilities: Float64Array, target: Float64Array): number {
  invariant(probabilities.length === target.length && target.length > 0, 'one outcome per probability');
  let total = 0;
  for (let row = 0; row < target.length; row++) {
    const p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, probabilities[row] ?? 0));
    total -= target[row] === 1 ? Math.log(p) : Math.log1p(-p);
  }
  return total / target.length;
}

/**
 * Mean squared difference of probability and outcome, in [0, 1].
 *
 * @param probabilities of outcome 1, in [0, 1], shape [rows], not empty
 * @param target 1 or 0 per row
 * @see Brier, Monthly Weather Review 78 (1950)
 */
export function brierScore(probabilities: Float64Array, target: Float64Array): number {
  invariant(probabilities.length === target.length && target.length > 0, 'one outcome per probability');
  let total = 0;
  for (let row = 0; row < target.length; row++) total += ((probabilities[row] ?? 0) - (target[row] ?? 0)) ** 2;
  return total / target.length;
}
