import { DomainError, invariant } from '@vitrine/kernel';

/** Scores of one test set by outcome, each ascending. What ranking metrics need: which score belongs to which row does not matter to them. */
export interface SortedOutcomes {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/**
 * @param target 1 where the outcome happened, else 0, shape [rows]
 * @throws FEATURE_VALUE_INVALID for a score that is not a number: it has no rank
 */
export function sortedOutcomes(scores: Float64Array, target: Float64Array): SortedOutcomes {
  invariant(scores.length === target.length, 'one outcome per score');
  if (scores.some((score) => Number.isNaN(score))) throw new DomainError('FEATURE_VALUE_INVALID', 'a score is not a number');
  return {
    positives: scores.filter((_, row) => target[row] === 1).sort(),
    negatives: scores.filter((_, row) => target[row] !== 1).sort(),
  };
}

/** @throws TARGET_CONSTANT when all rows have the same outcome: there is nothing to tell apart */
export function bothOutcomes(scores: Float64Array, target: Float64Array): SortedOutcomes {
  const sorted = sortedOutcomes(scores, target);
  if (sorted.positives.length > 0 && sorted.negatives.length > 0) return sorted;
  throw new DomainError('TARGET_CONSTANT', `all of ${scores.length} rows have the same outcome`, { details: { rows: scores.length } });
}
