import { WinnerIntegral } from '../../numeric/winner-integral';
import type { Policy } from '../../policy';
import type { AdditiveFamily } from '../../statistics/statistics-family';
import type { TimedSums } from '../../statistics/timed-sums';
import { deriveBetaPosterior, winProbabilities, type BetaParameters } from '../context-free/beta-posterior';
import { TimedModel, TimedReader } from './timed-model';

/** What Thompson sampling on sums that forget is made of. */
export interface TimedThompsonParts {
  readonly name: string;
  readonly family: AdditiveFamily;
  readonly prior: BetaParameters;
  sumsOf(statistics: Float64Array | null): TimedSums;
}

/** Each banner with the probability that its draw is the largest, its posterior being the prior plus what still counts. */
export function timedThompson({ name, family, prior, sumsOf }: TimedThompsonParts): Policy {
  const reader = new TimedReader();
  const integral = new WinnerIntegral();
  const modelOf = (statistics: Float64Array | null): TimedModel =>
    new TimedModel(sumsOf(statistics), (counts) => deriveBetaPosterior(counts, prior));
  const untried = modelOf(null);
  return {
    name,
    contextual: false,
    deterministic: false,
    family,
    dimension: 0,
    derive: (_arm, statistics) => (statistics === null ? untried : modelOf(statistics)),
    distribution: (arms, { at }, out) => winProbabilities(reader.read(arms, at), integral, out),
  };
}
