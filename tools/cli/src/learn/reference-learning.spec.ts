import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { POLICIES, type LabelledData, type PolicySpec } from '@vitrine/bandit';
import { labelledFile, readLabelled } from './labelled-csv';
import { learnOnce, overRuns } from './learn-run';

const ROOT = resolve(__dirname, '../../../..');
const SEEDS = [0, 1, 2, 3, 4];
/** How far the untuned policy may stay behind the best of Vowpal Wabbit, MABWiser and the reference LinUCB. */
const MARGIN = 0.005;

interface Row {
  readonly dataset: string;
  readonly algorithm: string;
  readonly meanReward: number;
  readonly standardError: number;
}
interface Reference {
  readonly datasets: Readonly<Record<string, { readonly epochs: number }>>;
  readonly results: readonly Row[];
}
const reference = JSON.parse(readFileSync(join(ROOT, 'data/reference/policy-learning/policy_learning.json'), 'utf8')) as Reference;
const bestOf = (dataset: string): number =>
  Math.max(...reference.results.filter((row) => row.dataset === dataset).map((row) => row.meanReward));

const data = new Map<string, Promise<LabelledData>>();
function dataOf(dataset: string): Promise<LabelledData> {
  const known = data.get(dataset) ?? readLabelled(labelledFile(ROOT, dataset));
  data.set(dataset, known);
  return known;
}

async function earned(dataset: string, name: string, params: PolicySpec['params'] = {}) {
  const setup = {
    spec: { name, params, floor: 0 },
    data: await dataOf(dataset),
    epochs: reference.datasets[dataset]?.epochs ?? Number.NaN,
    msPerRound: 1_000,
  };
  const runs = [];
  for (const seed of SEEDS) runs.push((await learnOnce(setup, seed, { signal: new AbortController().signal })).meanReward);
  const { mean, standardError } = overRuns(runs);
  return { mean, standardError: standardError ?? Number.NaN };
}

const LEARNERS = (POLICIES.find(({ name }) => name === 'auto')?.parameters['learners']?.default ?? []) as readonly string[];
/** The contexts of both data sets are too long for these to run. */
const RUNNING = LEARNERS.filter((name) => !name.startsWith('quadratic'));

describe.each(['digits', 'mushroom'])('auto on %s', (dataset) => {
  it('earns as much as the best of other libraries, untuned', async () => {
    expect((await earned(dataset, 'auto')).mean).toBeGreaterThan(bestOf(dataset) - MARGIN);
  }, 120_000);

  it.each(RUNNING)(
    'does so without its learner %s',
    async (left) => {
      const learners = LEARNERS.filter((name) => name !== left);
      expect((await earned(dataset, 'auto', { learners })).mean).toBeGreaterThan(bestOf(dataset) - MARGIN);
    },
    120_000,
  );
});

/** Ours, its parameters, and its namesake among the reference results. */
const NAMESAKES: readonly (readonly [string, PolicySpec['params'], string])[] = [
  ['lin-ucb', { alpha: 1, lambda: 1 }, 'mw_linucb_1'],
  ['lin-ucb', { alpha: 1, lambda: 1 }, 'ref_linucb_1'],
  ['lin-ucb', { alpha: 0.25, lambda: 1 }, 'ref_linucb_0.25'],
  ['linear-thompson', { width: 1, lambda: 1 }, 'mw_lints_1'],
  ['linear-epsilon-greedy', { epsilon: 0.05, lambda: 1 }, 'mw_lingreedy_0.05'],
  ['linear-epsilon-greedy', { epsilon: 0.05 }, 'vw_egreedy_0.05'],
  ['square-cb', {}, 'vw_squarecb'],
  ['bootstrapped-linear', { replicas: 5 }, 'vw_bag5'],
  ['epsilon-greedy', { epsilon: 0.1 }, 'mw_egreedy_0.1'],
  ['beta-thompson', {}, 'mw_ts'],
  ['ucb1', {}, 'mw_ucb1'],
];

/** A standard error of five seeds is itself uncertain, and can be far too small by luck: not below this, for context-free policies on even labels. */
const LEAST_ERROR = 0.002;

describe.each(['digits', 'mushroom'])('on %s', (dataset) => {
  it.each(NAMESAKES)(
    '%s %j earns what %s earns, or more',
    async (name, params, namesake) => {
      const theirs = reference.results.find((row) => row.dataset === dataset && row.algorithm === namesake);
      const ours = await earned(dataset, name, params);
      const error = Math.max(LEAST_ERROR, Math.hypot(ours.standardError, theirs?.standardError ?? Number.NaN));
      expect(ours.mean).toBeGreaterThan((theirs?.meanReward ?? Number.NaN) - 2 * error);
    },
    120_000,
  );
});
