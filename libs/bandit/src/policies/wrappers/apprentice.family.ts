import type { Policy } from '../../policy';
import { pairFamily } from '../../statistics/pair.family';
import { ProjectedStatistics } from '../../statistics/projected-statistics';
import type { SharedFamily, StatisticsFamily } from '../../statistics/statistics-family';
import { AgreementMeter } from './agreement';

/** Layout of what apprentice and baseline have in common; the shared numbers of the two families follow. */
export const APPRENTICESHIP = { trials: 0, agreement: 1, live: 2, length: 3 } as const;

/** When an apprentice may decide. */
export interface Examination {
  /** Share of trials, in [0, 1]. */
  readonly agreement: number;
  readonly minTrials: number;
  /** One trial in so many is measured, by its hash. */
  readonly measureEvery: number;
}

/**
 * The statistics of both policies and, in the shared block, how far the apprentice agreed with the banners that were shown, each judged by
 * what it knew before. Once the flag is up it stays and nothing more is measured.
 *
 * Neither merges nor un-folds: an agreement depends on all that came before it. To take an entry out, or to join partial states, fold the
 * ledger again.
 */
export function apprenticeFamily(apprentice: Policy, baseline: Policy, examination: Examination): StatisticsFamily {
  const { name, version, contextual, length, fold, shared } = pairFamily(apprentice.family, baseline.family);
  return { name, version, contextual, length, fold, shared: apprenticeShared(apprentice, examination, shared) };
}

function apprenticeShared(apprentice: Policy, examination: Examination, pair: SharedFamily | undefined): SharedFamily {
  const meter = new AgreementMeter(apprentice);
  const { family } = apprentice;
  return {
    length: APPRENTICESHIP.length + (pair?.length ?? 0),
    fold(shared, arms, entry) {
      const rest = shared.subarray(APPRENTICESHIP.length);
      if (entry.kind === 'TRIAL' && shared[APPRENTICESHIP.live] === 0 && entry.key % examination.measureEvery === 0) {
        const before = {
          arms: new ProjectedStatistics(arms, 0, family.length),
          shared: family.shared === undefined ? null : rest.subarray(0, family.shared.length),
        };
        examine(shared, examination, meter.measure(before, entry));
      }
      pair?.fold(rest, arms, entry);
    },
  };
}

function examine(shared: Float64Array, { agreement, minTrials }: Examination, measured: number | null): void {
  if (measured === null) return;
  const trials = (shared[APPRENTICESHIP.trials] ?? 0) + 1;
  const sum = (shared[APPRENTICESHIP.agreement] ?? 0) + measured;
  shared[APPRENTICESHIP.trials] = trials;
  shared[APPRENTICESHIP.agreement] = sum;
  if (trials >= minTrials && sum >= agreement * trials) shared[APPRENTICESHIP.live] = 1;
}
