import { invariant } from '@vitrine/kernel';
import { partRng } from '../training/group-rows';
import { drawConfigurations, withRules, type SegmentConfiguration } from './configuration';
import { evaluateTrial, type TrialRequest } from './evaluate-trial';
import { rungSizes, type SearchSettings } from './search-settings';
import { bestOf, type TrialScore } from './trial-score';

/** Which part of a seed's randomness draws configurations. */
const SEARCH_PART = 31;

/** What the search of a training tries: the same for the same settings, features and seed. */
export function planConfigurations(search: SearchSettings, featureNames: readonly string[], seed: number): readonly SegmentConfiguration[] {
  const drawn = drawConfigurations(search, featureNames.length, partRng(seed, SEARCH_PART));
  return search.rules ? withRules(drawn, featureNames) : drawn;
}

export interface SearchOutcome {
  readonly configurations: readonly SegmentConfiguration[];
  /** By rung, then by number of configuration. */
  readonly trials: readonly Readonly<Record<string, TrialScore>>[];
  readonly chosen: SegmentConfiguration;
  readonly score: TrialScore;
}

/**
 * The whole search in one process: what a training spreads over workers, job by job.
 *
 * @param onTrial is told of every trial that is done, of how many
 */
export function runSearch(
  request: Omit<TrialRequest, 'configuration' | 'rung'>,
  onTrial: (done: number, of: number) => void,
): SearchOutcome {
  const { train, settings, seed } = request;
  const configurations = planConfigurations(
    settings.search,
    train.columns.map(({ name }) => name),
    seed,
  );
  const sizes = rungSizes({ ...settings.search, configurations: configurations.length });
  const planned = sizes.reduce((sum, size) => sum + size, 0);
  const trials: Record<string, TrialScore>[] = [];
  let going: readonly number[] = configurations.map((_, number) => number);
  let done = 0;
  for (const [rung, next] of sizes.entries()) {
    going = rung === 0 ? going : bestOf(trials[rung - 1] ?? {}, next);
    const scores: Record<string, TrialScore> = {};
    for (const number of going) {
      const configuration = configurations[number];
      if (configuration !== undefined) scores[number] = evaluateTrial({ ...request, configuration, rung });
      onTrial(++done, planned);
    }
    trials.push(scores);
  }
  const last = trials.at(-1) ?? {};
  const [winner] = bestOf(last, 1);
  const chosen = configurations[winner ?? 0];
  const score = last[winner ?? 0];
  invariant(chosen !== undefined && score !== undefined, 'a search has a winner');
  return { configurations, trials, chosen, score };
}
