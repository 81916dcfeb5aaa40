import { Option, type Command } from 'commander';
import { join } from 'node:path';
import { DomainError } from '@vitrine/kernel';
import { importEvents, IMPORT_FORMATS, type ImportFormat, type ImportOutcome, type ImportTally } from '@vitrine/replay';
import { printResult, type CliContext } from '../cli-context';
import { showProgress } from '../progress-display';
import { readRunFile } from '../run-file';
import { appEnv } from '../system';

interface ImportOptions {
  readonly json: boolean;
  readonly restart: boolean;
  readonly url?: string;
  readonly format?: ImportFormat;
  readonly mapping?: string;
}

const KILOBYTE = 1_024;

export function registerImport(events: Command, context: CliContext): void {
  events
    .command('import')
    .argument('<file>', 'NDJSON, CSV or a combined access log; gzipped when its name ends in .gz')
    .description('sends a file of events through the path of live events, and goes on where it was stopped')
    .addOption(new Option('--format <name>', 'what the file is (default: by its name)').choices([...IMPORT_FORMATS]))
    .option('--mapping <file>', 'what columns (csv) or paths (combined) mean, as JSON')
    .option('--restart', 'begin anew instead of going on where an earlier run was stopped', false)
    .option('--url <url>', 'address of a gateway (default: the running system)')
    .option('--json', 'print the outcome as JSON', false)
    .addHelpText('after', '\nFormats, mappings and what a second run does: docs/guides/importing-events.md')
    .action((file: string, options: ImportOptions) => runImport(context, file, options));
}

async function runImport(context: CliContext, file: string, { json, url, ...options }: ImportOptions): Promise<void> {
  const began = performance.now();
  const display = importProgress(context, file);
  const outcome = await importEvents({
    ...options,
    file,
    gatewayUrl: url === undefined ? gatewayOf(context) : url.replace(/\/(graphql)?\/*$/, ''),
    key: secretKeyOf(context),
    target: url ?? 'local', // the port of the local gateway may change between two runs
    stateDir: join(context.dataDir, 'imports'),
    progress: display.show,
    signal: context.signal,
  }).catch((error: unknown) => {
    display.fail();
    throw error;
  });
  display.stop();
  const seconds = (performance.now() - began) / 1_000;
  const linesPerSecond = Math.round((outcome.lines - outcome.resumedAt) / seconds);
  printResult(context, json, { ...outcome, seconds, linesPerSecond }, reportOf(outcome, { seconds, linesPerSecond }));
  if (outcome.refusedCount > 0) context.fail();
}

interface Pace {
  readonly seconds: number;
  readonly linesPerSecond: number;
}

function reportOf(outcome: ImportOutcome, { seconds, linesPerSecond }: Pace): readonly string[] {
  const { refused, resumedAt } = outcome;
  return [
    countsOf(outcome),
    ...(resumedAt > 0 ? [`went on after line ${resumedAt} of an earlier run`] : []),
    `${linesPerSecond} lines/s in ${seconds.toFixed(1)} s`,
    ...refused.map((entry) => `  line ${entry.line}: ${entry.code}, ${entry.reason}`),
  ];
}

function countsOf({ lines, accepted, duplicate, refusedCount, leftOut }: ImportTally): string {
  const without = Object.entries(leftOut).map(([why, count]) => `${count} ${why}`);
  const counts = `${lines} lines: ${accepted} accepted, ${duplicate} duplicate, ${refusedCount} refused`;
  return without.length === 0 ? counts : `${counts}; left out: ${without.join(', ')}`;
}

/** Told in bytes of the file, since nobody knows its lines before the end. */
function importProgress(context: CliContext, file: string) {
  let display: ReturnType<typeof showProgress> | null = null;
  let soFar: ImportTally | null = null;
  const stop = (): void => display?.stop();
  return {
    show(read: number, size: number, tally: ImportTally): void {
      soFar = tally;
      const total = Math.ceil(size / KILOBYTE);
      display ??= showProgress({ say: context.say, what: `kB of ${file}`, total, terminal: process.stderr.isTTY });
      display.show(Math.ceil(read / KILOBYTE));
    },
    stop,
    fail(): void {
      stop();
      if (soFar !== null) context.say(`up to here: ${countsOf(soFar)}; the same command goes on`);
    },
  };
}

function secretKeyOf(context: CliContext): string {
  const [key] = (appEnv(context)['SECRET_KEYS'] ?? '').split(',');
  if (key === undefined || key === '') throw new DomainError('CONFIG_INVALID', 'SECRET_KEYS names no key to import with');
  return key;
}

function gatewayOf({ dataDir }: CliContext): string {
  const run = readRunFile(dataDir);
  if (run !== null) return run.gatewayUrl;
  throw new DomainError('DEPENDENCY_UNAVAILABLE', 'Vitrine does not run here: "up" starts it, --url names another gateway');
}
