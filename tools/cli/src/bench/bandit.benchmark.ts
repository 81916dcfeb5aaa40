import { setImmediate as nextTurn } from 'node:timers/promises';
import Table from 'cli-table3';
import { benchPolicies, linearFamily, POLICIES, type PolicyTiming } from '@vitrine/bandit';
import { benchLedgerFold } from '@vitrine/feedback';
import { DomainError } from '@vitrine/kernel';
import type { CliContext } from '../cli-context';
import { getPolicyMetadata } from '../policy-options';
import { showProgress } from '../progress-display';
import { benchmark, type BenchmarkResult } from './benchmark';
import { measureLedgerToRevision, type LedgerToRevision } from './ledger-to-revision';

interface BanditOptions {
  readonly policy?: string;
  readonly quick: boolean;
  /** Whether to measure against a database as well. */
  readonly services: boolean;
}

interface Plan {
  readonly armCounts: readonly number[];
  readonly dimensions: readonly number[];
  readonly budgetMs: number;
  readonly foldRounds: number;
  readonly ledgerEntries: number;
}

const FULL: Plan = { armCounts: [5, 50, 500], dimensions: [8, 32, 128], budgetMs: 100, foldRounds: 400_000, ledgerEntries: 100_000 };
const QUICK: Plan = { armCounts: [5, 50], dimensions: [8, 32], budgetMs: 20, foldRounds: 40_000, ledgerEntries: 10_000 };
/** Every row is also given as a multiple of this policy's, measured in the same run: times of two machines do not compare. */
const REFERENCE = 'uniform';
/** No line between rows: there are many. */
const COMPACT = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
const LEDGER = { banners: 50, dimension: 32 } as const;

/** What every policy costs, and how fast the ledger folds. */
export const banditBenchmark = benchmark<BanditOptions>({
  name: 'bandit',
  description: 'microseconds per distribution and per entry of every policy, bytes of state, and entries per second of the ledger fold',
  options: (command) =>
    command
      .option('--policy <name>', 'this policy alone')
      .option('--quick', 'fewer sizes and less time for each: for a first look', false)
      .option('--no-services', 'without the ledger in a database'),
  run: runBandit,
});

async function runBandit(context: CliContext, { policy, quick, services }: BanditOptions): Promise<BenchmarkResult> {
  const plan = quick ? QUICK : FULL;
  const policies = policy === undefined ? POLICIES.map(({ name }) => name) : [getPolicyMetadata(policy).name];
  const timings = await timed(context, plan, [...new Set([REFERENCE, ...policies])]);
  const wanted = timings.filter((row) => policies.includes(row.policy)).map((row) => withRatio(row, timings));
  const { entriesPerSecond } = benchLedgerFold(linearFamily(LEDGER.dimension), plan.foldRounds);
  const ledgerFold = { ...LEDGER, family: 'linear', entriesPerSecond };
  const ledgerToRevision = services ? await measureLedgerToRevision(context, plan.ledgerEntries) : null;
  const lines = [...linesOf(wanted, entriesPerSecond), ...(ledgerToRevision === null ? [] : [lineOf(ledgerToRevision)])];
  return { value: { reference: REFERENCE, policies: wanted, ledgerFold, ledgerToRevision }, lines };
}

async function timed(context: CliContext, plan: Plan, policies: readonly string[]): Promise<readonly PolicyTiming[]> {
  const total = policies.reduce((sum, name) => sum + rowsOf(name, plan), 0);
  const display = showProgress({ say: context.say, what: 'sizes measured', total, terminal: process.stderr.isTTY === true });
  const rows: PolicyTiming[] = [];
  try {
    for (const row of benchPolicies({ ...plan, policies })) {
      rows.push(row);
      display.show(rows.length);
      await nextTurn();
      if (context.signal.aborted) throw new DomainError('SHUTTING_DOWN', `stopped after ${rows.length} of ${total} sizes`);
    }
  } finally {
    display.stop();
  }
  return rows;
}

const rowsOf = (policy: string, { armCounts, dimensions }: Plan): number =>
  armCounts.length * (getPolicyMetadata(policy).contextual ? dimensions.length : 1);

type RatedTiming = PolicyTiming & { readonly timesReference: number };

function withRatio(row: PolicyTiming, all: readonly PolicyTiming[]): RatedTiming {
  const reference = all.find(({ policy, arms }) => policy === REFERENCE && arms === row.arms);
  return { ...row, timesReference: row.microsecondsPerDistribution / (reference?.microsecondsPerDistribution ?? Number.NaN) };
}

function linesOf(rows: readonly RatedTiming[], entriesPerSecond: number): readonly string[] {
  const head = ['policy', 'K', 'd', 'us/decision', `x ${REFERENCE}`, 'us/entry', 'us/model', 'us/pool', 'bytes/banner', 'bytes'];
  const table = new Table({ head, chars: COMPACT, style: { head: [], border: [] } });
  for (const row of rows) {
    table.push([
      row.policy,
      row.arms,
      row.dimension,
      short(row.microsecondsPerDistribution),
      short(row.timesReference),
      short(row.microsecondsPerFold),
      short(row.microsecondsPerDerive),
      row.microsecondsPerPool === null ? '' : short(row.microsecondsPerPool),
      row.stateBytesPerBanner,
      row.stateBytes,
    ]);
  }
  const rate = Math.round(entriesPerSecond).toLocaleString('en-US');
  return [table.toString(), `ledger fold in memory, ${LEDGER.banners} banners, ${LEDGER.dimension} dimensions: ${rate} entries per second`];
}

function lineOf({ entriesPerSecond, entries, revisions }: LedgerToRevision): string {
  const rate = Math.round(entriesPerSecond).toLocaleString('en-US');
  return `ledger in MongoDB to committed revision, the same state: ${rate} entries per second (${entries} entries, ${revisions} revisions)`;
}

const short = (value: number): string => value.toPrecision(3);
