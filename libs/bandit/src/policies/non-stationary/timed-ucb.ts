import { Scratch } from '../../numeric/scratch';
import type { Policy } from '../../policy';
import type { AdditiveFamily } from '../../statistics/statistics-family';
import type { TimedSums } from '../../statistics/timed-sums';
import { deriveMean, meanRewardOf, NO_PRIOR, totalTrials } from '../context-free/mean-reward';
import { oneHot } from '../one-hot';
import { TimedModel, TimedReader } from './timed-model';

/** What an upper confidence bound on sums that forget is made of. */
export interface TimedUcbParts {
  readonly name: string;
  readonly family: AdditiveFamily;
  sumsOf(statistics: Float64Array | null): TimedSums;
  /** @param total trials of all eligible banners as they count now @param trials of this one, above 0 */
  radius(total: number, trials: number): number;
}

/** The highest mean plus radius; a banner without trials that count comes first, ties share. */
export function timedUcb({ name, family, sumsOf, radius }: TimedUcbParts): Policy {
  const reader = new TimedReader();
  const scratch = new Scratch();
  const modelOf = (statistics: Float64Array | null): TimedModel =>
    new TimedModel(sumsOf(statistics), (counts) => deriveMean(counts, NO_PRIOR, 0));
  const untried = modelOf(null);
  return {
    name,
    contextual: false,
    deterministic: true,
    family,
    dimension: 0,
    derive: (_arm, statistics) => (statistics === null ? untried : modelOf(statistics)),
    distribution(arms, { at }, out) {
      const means = reader.read(arms, at);
      const bounds = scratch.take(arms.length);
      const total = totalTrials(means);
      for (let i = 0; i < means.length; i++) {
        const { mean, trials } = meanRewardOf(means[i]);
        bounds[i] = trials > 0 ? mean + radius(total, trials) : Infinity;
      }
      oneHot(bounds, arms.length, out);
    },
  };
}
