import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import Table from 'cli-table3';
import { LoggedReplay, type Policy } from '@vitrine/bandit';
import { DomainError, rngFromNumber } from '@vitrine/kernel';
import { printResult, type CliContext } from '../cli-context';
import { addPolicyOptions, buildPolicy, getPolicyMetadata, parseSeed, specOf, type PolicyOptions } from '../policy-options';
import { showProgress } from '../progress-display';
import { couponSource } from '../replay-logged/coupon.source';
import type { LoggedSource } from '../replay-logged/logged-source';
import { openBanditSource } from '../replay-logged/open-bandit.source';
import type { Interval } from '../replay-logged/cautious-interval';
import { reportOf, type ReplayReport } from '../replay-logged/replay-report';
import { roundsSource } from '../replay-logged/rounds.source';
import { playOut } from '../steady-play';

interface ReplayOptions extends PolicyOptions {
  readonly data: string;
  readonly seed: number;
  readonly json: boolean;
}

const MS_PER_S = 1_000;

export function registerReplay(program: Command, context: CliContext): void {
  const command = program
    .command('replay')
    .description(
      'replays logged interactions: the policy decides each without seeing the outcome, and learns where it decided like the log',
    )
    .requiredOption('--data <name>', 'coupons, open-bandit-all, open-bandit-men, or a directory with rounds.csv (docs/guides/replay.md)');
  addPolicyOptions(command)
    .addOption(new Option('--seed <n>', 'of the draws, and of the order of the coupons').argParser(parseSeed).default(1))
    .option('--json', 'print the outcome as JSON', false)
    .action((options: ReplayOptions) => replay(context, options));
}

/** @throws DomainError NOT_FOUND when the name is neither a data set nor a directory */
async function readSource({ root }: CliContext, { data, seed }: ReplayOptions): Promise<LoggedSource> {
  if (data === 'coupons') return couponSource(root, seed);
  if (data === 'open-bandit-all') return openBanditSource(root, 'all');
  if (data === 'open-bandit-men') return openBanditSource(root, 'men');
  if (statSync(data, { throwIfNoEntry: false })?.isDirectory() === true) return roundsSource(resolve(data));
  throw new DomainError('NOT_FOUND', `${data} is neither coupons, open-bandit-all, open-bandit-men nor a directory`);
}

async function replay(context: CliContext, options: ReplayOptions): Promise<void> {
  const startedAt = performance.now();
  const spec = specOf(options);
  buildPolicy(spec, 1); // a wrong name or parameter is told before the log is read
  const source = await readSource(context, options);
  refuseForeignRewards(spec.name, source);
  const played = await replayShown(context, { source, policy: buildPolicy(spec, source.dimension), floor: spec.floor, seed: options.seed });
  const report = reportOf(source, played);
  const seconds = (performance.now() - startedAt) / MS_PER_S;
  const { name: policy, params, floor } = spec;
  printResult(
    context,
    options.json,
    { data: options.data, policy, params, floor, seed: options.seed, ...report, seconds },
    linesOf(report, seconds),
  );
}

/** @throws DomainError REWARD_OUT_OF_RANGE when a policy for rewards in [0, 1] would be given others */
function refuseForeignRewards(policy: string, { decisions }: LoggedSource): void {
  if (getPolicyMetadata(policy).rewards === 'any') return;
  const at = decisions.findIndex(({ reward }) => reward < 0 || reward > 1);
  if (at < 0) return;
  throw new DomainError('REWARD_OUT_OF_RANGE', `${policy} takes rewards in [0, 1]; decision ${at + 1} of the log has another`, {
    details: { decision: at + 1, policy },
  });
}

interface ReplaySetup {
  readonly source: LoggedSource;
  readonly policy: Policy;
  readonly floor: number;
  readonly seed: number;
}

async function replayShown(context: CliContext, { source, policy, floor, seed }: ReplaySetup): Promise<LoggedReplay> {
  const { decisions, identify } = source;
  const played = new LoggedReplay({ policy, decisions, identify, floor, rng: rngFromNumber(seed) });
  const display = showProgress({
    say: context.say,
    what: `decisions of ${policy.name}`,
    total: decisions.length,
    terminal: process.stderr.isTTY === true,
  });
  try {
    await playOut(played, { signal: context.signal, progress: display.show });
  } finally {
    display.stop();
  }
  return played;
}

function linesOf(report: ReplayReport, seconds: number): readonly string[] {
  const table = new Table({ head: ['reward per decision', 'value', '95 % interval'], style: { head: [], border: [] } });
  const { estimates, policyMinusUniform, policyByPropensityMinusUniform } = report;
  for (const [name, estimate] of Object.entries({ ...estimates, policyMinusUniform, policyByPropensityMinusUniform })) {
    table.push([name, ...texts(estimate)]);
  }
  return [
    `${report.interactions} interactions, ${report.supported} supported, ${report.matched} matched, ${seconds.toFixed(1)} s; intervals cluster by ${report.clusteredBy}`,
    table.toString(),
    ...report.caveats.map((caveat) => `- ${caveat}`),
  ];
}

const texts = ({ value, lower, upper, method }: Interval): readonly [string, string] => [
  value.toFixed(4),
  `${lower.toFixed(4)} to ${upper.toFixed(4)}${method === 'hoeffding' ? ' (few rewards: Hoeffding)' : ''}`,
];
