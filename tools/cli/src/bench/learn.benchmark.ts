import { Option } from 'commander';
import { compareLearners, comparisonLines, type LearnerWork, type OurMeasurement } from '@vitrine/bench';
import { labelledOrder, LabelledPlay, type LabelledData } from '@vitrine/bandit';
import { rngFromNumber } from '@vitrine/kernel';
import type { CliContext } from '../cli-context';
import { labelledFile, readLabelled } from '../learn/labelled-csv';
import { buildPolicy, getPolicyMetadata, parseSeed, wholeNumber } from '../policy-options';
import { playOut } from '../steady-play';
import { benchmark, type BenchmarkResult } from './benchmark';

interface LearnBenchOptions {
  readonly data: string;
  readonly policies: readonly string[];
  readonly seed: number;
  readonly epochs: number;
  readonly rounds?: number;
  readonly repeats: number;
}

const MOST_EPOCHS = 1_000;
const MOST_ROUNDS = 1e9;
const MOST_REPEATS = 100;
const MS_PER_ROUND = 1_000;

/** Our learners against Vowpal Wabbit and MABWiser on the same rounds, one after the other in the same run. */
export const learnBenchmark = benchmark<LearnBenchOptions>({
  name: 'learn',
  description:
    'microseconds per round of learning, against Vowpal Wabbit and MABWiser in the same run; needs Python 3 and, once, the network',
  options: (command) =>
    command
      .option('--data <file>', 'labelled CSV, or digits, mushroom', 'digits')
      .addOption(
        new Option('--policies <names>', 'ours, separated by commas')
          .argParser((text) => text.split(',').map((name) => name.trim()))
          .default(['lin-ucb', 'square-cb'], 'lin-ucb,square-cb'),
      )
      .addOption(new Option('--seed <n>', 'of the order of rows and of the draws').argParser(parseSeed).default(0))
      .addOption(new Option('--epochs <n>', 'passes over the data').argParser(wholeNumber(1, MOST_EPOCHS)).default(1))
      .addOption(new Option('--rounds <n>', 'only the first rounds').argParser(wholeNumber(1, MOST_ROUNDS)))
      .addOption(
        new Option('--repeats <n>', 'how often each side plays; medians are compared').argParser(wholeNumber(1, MOST_REPEATS)).default(3),
      ),
  run: runLearn,
});

async function runLearn(context: CliContext, options: LearnBenchOptions): Promise<BenchmarkResult> {
  const { policies, seed, epochs, rounds, repeats } = options;
  policies.forEach(getPolicyMetadata);
  const dataFile = labelledFile(context.root, options.data);
  const data = await readLabelled(dataFile);
  const request = {
    dataFile,
    seed,
    epochs,
    repeats,
    ...(rounds === undefined ? {} : { rounds }),
    ours: async (work: LearnerWork) => {
      const measured: OurMeasurement[] = [];
      for (const policy of policies) measured.push(await measure(policy, { data, work, signal: context.signal }));
      return measured;
    },
  };
  const comparisons = await compareLearners(request, context);
  return { value: { data: options.data, seed, epochs, comparisons }, lines: comparisonLines(comparisons) };
}

interface Measure {
  readonly data: LabelledData;
  readonly work: LearnerWork;
  readonly signal: AbortSignal;
}

async function measure(name: string, { data, work, signal }: Measure): Promise<OurMeasurement> {
  const { seed, epochs, rounds } = work;
  const order = labelledOrder(data.labels.length, { seed, epochs }).subarray(0, rounds);
  const policy = buildPolicy({ name, params: {} }, data.dimension);
  const play = new LabelledPlay({ policy, data, order, floor: 0, rng: rngFromNumber(seed), msPerRound: MS_PER_ROUND });
  const microseconds = await playOut(play, { signal });
  return { policy: name, microsecondsPerRound: microseconds / play.rounds, meanReward: play.totalReward / play.rounds };
}
