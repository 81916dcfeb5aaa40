import type { Command } from 'commander';
import { DomainError } from '@vitrine/kernel';
import { GraphqlClient, importEvents } from '@vitrine/replay';
import { printResult, type CliContext } from '../cli-context';
import { appEnv } from '../system';
import { readRunFile } from '../run-file';

interface ImportOptions {
  readonly json: boolean;
  readonly url?: string;
}

export function registerEvents(program: Command, context: CliContext): void {
  const events = program.command('events').description('event logs');
  events
    .command('import')
    .argument('<file>', 'NDJSON, one EventInput per line; may be gzipped')
    .description('sends a file of events through the same path as live events; malformed lines are reported and left out')
    .option('--url <url>', 'GraphQL endpoint (default: the running system)')
    .option('--json', 'print the outcome as JSON', false)
    .action((file: string, options: ImportOptions) => runImport(context, file, options));
}

async function runImport(context: CliContext, file: string, { json, url }: ImportOptions): Promise<void> {
  const endpoint = url ?? endpointOf(context);
  const [key] = (appEnv(context)['SECRET_KEYS'] ?? '').split(',');
  if (key === undefined || key === '') throw new DomainError('CONFIG_INVALID', 'SECRET_KEYS names no key to import with');
  const outcome = await importEvents(file, new GraphqlClient(endpoint), { key }, (lines) => context.say(`${lines} lines`));
  const { lines, accepted, duplicate, refused, refusedCount } = outcome;
  printResult(context, json, outcome, [
    `${lines} lines: ${accepted} accepted, ${duplicate} duplicate, ${refusedCount} refused`,
    ...refused.map((entry) => `  line ${entry.line}: ${entry.code}, ${entry.reason}`),
  ]);
  if (refusedCount > 0) context.fail();
}

function endpointOf({ dataDir }: CliContext): string {
  const run = readRunFile(dataDir);
  if (run === null)
    throw new DomainError('DEPENDENCY_UNAVAILABLE', 'Vitrine does not run here: "up" starts it, --url names another gateway');
  return `${run.gatewayUrl}/graphql`;
}
