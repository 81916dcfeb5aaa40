import { InvalidArgumentError, Option, type Command } from 'commander';
import { printResult, type CliContext } from '../cli-context';
import { labelledFile, readLabelled } from '../learn/labelled-csv';
import { learnOnce, overRuns, type LearnOutcome, type LearnSetup } from '../learn/learn-run';
import { addPolicyOptions, buildPolicy, parseSeed, specOf, wholeNumber, type PolicyOptions } from '../policy-options';
import { showProgress } from '../progress-display';

interface LearnOptions extends PolicyOptions {
  readonly data: string;
  readonly seed: number;
  readonly seeds?: readonly number[];
  readonly epochs: number;
  readonly msPerRound: number;
  readonly json: boolean;
}

const MOST_EPOCHS = 1_000;
const DAY_MS = 86_400_000;

export function registerLearn(program: Command, context: CliContext): void {
  const command = program
    .command('learn')
    .description('plays a labelled data set as a contextual bandit: reward 1 for the right label, only the chosen one is revealed')
    .requiredOption('--data <file>', 'CSV with columns f0..fd and label, may be gzipped; or digits, mushroom');
  addPolicyOptions(command)
    .addOption(new Option('--seed <n>', 'of the order of rows and of the draws').argParser(parseSeed).default(0))
    .addOption(new Option('--seeds <list>', 'several seeds, for instance 0,1,2,3,4: mean and standard error').argParser(parseSeeds))
    .addOption(new Option('--epochs <n>', 'passes over the data').argParser(wholeNumber(1, MOST_EPOCHS)).default(1))
    .addOption(
      new Option('--ms-per-round <n>', 'time between rounds, for policies that forget by time')
        .argParser(wholeNumber(0, DAY_MS))
        .default(1_000),
    )
    .option('--json', 'print the outcome as JSON', false)
    .action((options: LearnOptions) => learn(context, options));
}

async function learn(context: CliContext, options: LearnOptions): Promise<void> {
  const { data: name, epochs, msPerRound, seed, seeds, json } = options;
  const spec = specOf(options);
  buildPolicy(spec, 1); // a wrong name or parameter is told before a large file is read
  const data = await readLabelled(labelledFile(context.root, name));
  const setup = { spec, data, epochs, msPerRound };
  const shared = {
    data: name,
    policy: spec.name,
    params: spec.params,
    floor: spec.floor,
    epochs,
    arms: data.arms,
    dimension: data.dimension,
  };
  if (seeds === undefined) {
    const outcome = await learnShown(context, setup, seed);
    printResult(context, json, { ...outcome, ...shared }, [outcomeLine(outcome)]);
    return;
  }
  const runs: LearnOutcome[] = [];
  for (const each of seeds) runs.push(await learnShown(context, setup, each));
  printResult(context, json, { ...shared, seeds, ...summaryOf(runs), runs }, runs.map(outcomeLine).concat(summaryLine(runs)));
}

async function learnShown(context: CliContext, setup: LearnSetup, seed: number): Promise<LearnOutcome> {
  const display = showProgress({
    say: context.say,
    what: `rounds of ${setup.spec.name}, seed ${seed}`,
    total: setup.data.labels.length * setup.epochs,
    terminal: process.stderr.isTTY === true,
  });
  try {
    return await learnOnce(setup, seed, { signal: context.signal, progress: display.show });
  } finally {
    display.stop();
  }
}

function summaryOf(runs: readonly LearnOutcome[]) {
  const late = runs.map(({ lastQuarterMeanReward }) => lastQuarterMeanReward).filter((reward) => reward !== null);
  return {
    rounds: runs[0]?.rounds ?? 0,
    meanReward: overRuns(runs.map(({ meanReward }) => meanReward)),
    lastQuarterMeanReward: late.length === runs.length ? overRuns(late) : null,
    regret: overRuns(runs.map(({ regret }) => regret)),
    microsecondsPerRound: overRuns(runs.map(({ microsecondsPerRound }) => microsecondsPerRound)),
  };
}

function outcomeLine({ seed, rounds, meanReward, lastQuarterMeanReward, regret, microsecondsPerRound }: LearnOutcome): string {
  const late = lastQuarterMeanReward === null ? '' : `, ${lastQuarterMeanReward.toFixed(4)} in the last quarter`;
  return `seed ${seed}: ${rounds} rounds, mean reward ${meanReward.toFixed(4)}${late}, regret ${regret}, ${microsecondsPerRound.toFixed(1)} us per round`;
}

function summaryLine(runs: readonly LearnOutcome[]): string {
  const { mean, standardError } = summaryOf(runs).meanReward;
  return `mean reward ${mean.toFixed(4)}${standardError === null ? '' : ` +- ${standardError.toFixed(4)} (standard error over ${runs.length} seeds)`}`;
}

function parseSeeds(text: string): readonly number[] {
  const seeds = text.split(',').map((part) => parseSeed(part.trim()));
  if (new Set(seeds).size !== seeds.length) throw new InvalidArgumentError('Each seed once.');
  return seeds;
}
