import { bothOutcomes } from './sorted-outcomes';

export interface AucInterval {
  readonly auc: number;
  readonly standardError: number;
  /** Ends of the interval, cut to [0, 1]. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Chance that a row with the outcome scores above one without it; equal scores count half.
 *
 * @param scores any scale, higher for the likelier outcome, shape [rows]
 * @param target 1 or 0 per row
 * @returns in [0, 1]
 * @throws TARGET_CONSTANT when all outcomes are the same; FEATURE_VALUE_INVALID for a score that is not a number
 */
export function rocAuc(scores: Float64Array, target: Float64Array): number {
  const { positives, negatives } = bothOutcomes(scores, target);
  return mean(sharesBelow(positives, negatives));
}

/**
 * The same with its interval, which takes both outcomes as samples: valid for scores of a model that did not see these rows.
 *
 * A side with a single row says nothing about its own spread and adds none; so the interval is too short there.
 *
 * @param z half-width in standard errors; 1.96 for about 95 %
 * @throws as `rocAuc`
 * @see DeLong, DeLong & Clarke-Pearson, Biometrics 44 (1988), section 3; by sorting as in Sun & Xu, IEEE Signal Process. Lett. 21 (2014)
 */
export function rocAucInterval(scores: Float64Array, target: Float64Array, z: number): AucInterval {
  const { positives, negatives } = bothOutcomes(scores, target);
  const wins = sharesBelow(positives, negatives);
  const losses = sharesBelow(negatives, positives);
  const auc = mean(wins);
  const standardError = Math.sqrt(varianceOfMean(wins) + varianceOfMean(losses));
  return { auc, standardError, lower: Math.max(0, auc - z * standardError), upper: Math.min(1, auc + z * standardError) };
}

/** Per value the share of `others` below it, ties half; both ascending. */
function sharesBelow(values: Float64Array, others: Float64Array): Float64Array {
  let below = 0;
  let notAbove = 0;
  return values.map((value) => {
    while (below < others.length && (others[below] ?? 0) < value) below++;
    while (notAbove < others.length && (others[notAbove] ?? 0) <= value) notAbove++;
    return (below + notAbove) / (2 * others.length);
  });
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function varianceOfMean(values: Float64Array): number {
  if (values.length < 2) return 0;
  const center = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - center) ** 2;
  return squares / (values.length - 1) / values.length;
}
