import { DomainError } from '@vitrine/kernel';
import type { TunableEstimator } from '../estimators/estimator';

export interface TuningOptions {
  /** Parameter values to choose from, at least one. */
  readonly candidates: readonly number[];
  /** Chance that the bounds used for choosing fail, in (0, 1). */
  readonly delta: number;
}

export interface Tuned {
  readonly parameter: number;
  /** The estimate with it, in units of the reward. */
  readonly value: number;
}

/** @throws DomainError ESTIMATOR_PARAMETER_INVALID when there is nothing to choose from, or delta is no chance */
export function checkedCandidates({ name }: TunableEstimator, { candidates, delta }: TuningOptions): readonly number[] {
  const fault = candidates.length === 0 ? 'there are no candidates' : delta > 0 && delta < 1 ? null : 'delta must lie inside (0, 1)';
  if (fault !== null) throw new DomainError('ESTIMATOR_PARAMETER_INVALID', `tuning of ${name}: ${fault}`, { details: { estimator: name } });
  return candidates;
}
