import { bothOutcomes } from './sorted-outcomes';

/**
 * Precision averaged over the steps of recall, from the highest score down; rows of equal score enter together, without interpolation.
 *
 * @param scores any scale, higher for the likelier outcome, shape [rows]
 * @param target 1 or 0 per row
 * @returns in (0, 1]; about the share of positives for scores that say nothing
 * @throws TARGET_CONSTANT when all outcomes are the same; FEATURE_VALUE_INVALID for a score that is not a number
 */
export function averagePrecision(scores: Float64Array, target: Float64Array): number {
  const { positives, negatives } = bothOutcomes(scores, target);
  let total = 0;
  let negative = negatives.length;
  for (let end = positives.length; end > 0;) {
    const score = positives[end - 1] ?? 0;
    let start = end - 1;
    while (start > 0 && positives[start - 1] === score) start--;
    while (negative > 0 && (negatives[negative - 1] ?? 0) >= score) negative--;
    const taken = positives.length - start;
    total += ((end - start) * taken) / (taken + negatives.length - negative);
    end = start;
  }
  return total / positives.length;
}
