import { invariant } from '@vitrine/kernel';
import { chiSquaredTail } from './distributions';

export interface SampleRatioCheck {
  readonly observedShare: number;
  readonly expectedShare: number;
  readonly chiSquared: number;
  readonly pValue: number;
  /** Whether the split is so unlikely (p < 0.001) that no comparison between the two sides may be trusted. */
  readonly mismatch: boolean;
}

/** Strict, since the check runs often and a false alarm blocks a good experiment. @see Fabijan et al., KDD 2019, section 4 */
const ALARM = 0.001;

/**
 * Chi-squared test (one degree of freedom) of a split by person against the share that was configured.
 *
 * Count persons, not their decisions: those of one person always land on the same side, so counting decisions raises false alarms.
 *
 * @param persons all persons seen, and those of them in the holdout
 * @param expectedShare configured share of the holdout, in (0, 1)
 * @returns null without persons
 */
export function checkSampleRatio(
  persons: { readonly all: number; readonly holdout: number },
  expectedShare: number,
): SampleRatioCheck | null {
  invariant(expectedShare > 0 && expectedShare < 1, 'an expected share inside (0, 1)');
  invariant(persons.holdout >= 0 && persons.holdout <= persons.all, 'the holdout is a part of all persons');
  if (persons.all === 0) return null;
  const expected = persons.all * expectedShare;
  const difference = persons.holdout - expected;
  const chiSquared = (difference * difference) / expected + (difference * difference) / (persons.all - expected);
  const pValue = chiSquaredTail(chiSquared, 1);
  return { observedShare: persons.holdout / persons.all, expectedShare, chiSquared, pValue, mismatch: pValue < ALARM };
}
