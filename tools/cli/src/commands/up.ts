import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { DomainError } from '@vitrine/kernel';
import { waitUntil } from '@vitrine/stack';
import { isReady } from '../app-process';
import { printResult, type CliContext } from '../cli-context';
import { parsePort } from '../options';
import { readRunFile, type RunFile } from '../run-file';
import { startSystem } from '../system';

const DETACHED_START_DEADLINE_MS = 180_000;
const SHOWN_LOG_LINES = 25;

interface UpOptions {
  readonly detach: boolean;
  readonly json: boolean;
  readonly port?: number;
}

export function registerUp(program: Command, context: CliContext): void {
  program
    .command('up')
    .description('starts the databases, the gateway and the worker; Ctrl-C stops them in order')
    .option('-d, --detach', 'run in the background and return once everything is ready', false)
    .addOption(new Option('-p, --port <port>', 'port of the gateway (default: GATEWAY_PORT, or 4000 when free)').argParser(parsePort))
    .option('--json', 'print where everything is as JSON', false)
    .action(async (options: UpOptions) => {
      const running = readRunFile(context.dataDir);
      if (running !== null) {
        context.say(`Vitrine is already up (process ${running.owner.pid})`);
        report(context, options.json, running);
        return;
      }
      await (options.detach ? upDetached(context, options) : upHere(context, options));
    });
}

async function upHere(context: CliContext, { json, port }: UpOptions): Promise<void> {
  const system = await startSystem(context, port);
  try {
    context.say(`The apps log to ${context.dataDir}/gateway.log and worker.log`);
    report(context, json, readRunFile(context.dataDir) ?? { ...system.apps, owner: { pid: process.pid, began: '' } });
    context.say('Ctrl-C stops everything');
    const crash = await Promise.race([system.apps.crashed, aborted(context.signal)]);
    if (crash !== null) throw new DomainError('DEPENDENCY_UNAVAILABLE', crash);
  } finally {
    context.say('Stopping ...');
    await system.stop();
  }
}

/** Runs this same command in a process of its own, whose talk goes to `up.log`, and waits for it to be ready. */
async function upDetached(context: CliContext, { json, port }: UpOptions): Promise<void> {
  mkdirSync(context.dataDir, { recursive: true, mode: 0o700 });
  const logFile = join(context.dataDir, 'up.log');
  const log = openSync(logFile, 'w', 0o600);
  const args = [...process.execArgv, process.argv[1] ?? '', 'up', ...(port === undefined ? [] : ['--port', String(port)])];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', log, log], env: { ...context.env } });
  closeSync(log);
  child.unref();
  const outcome = await waitUntil(async () => {
    if (child.exitCode !== null || child.signalCode !== null || context.signal.aborted) return 'over';
    const run = readRunFile(context.dataDir);
    return run !== null && (await isReady(run.gatewayUrl)) ? run : null;
  }, DETACHED_START_DEADLINE_MS);
  if (outcome !== null && outcome !== 'over') {
    context.say(`Vitrine runs in the background (process ${outcome.owner.pid}); "down" stops it`);
    report(context, json, outcome);
    return;
  }
  child.kill('SIGTERM');
  const tail = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-SHOWN_LOG_LINES).join('\n');
  throw new DomainError('DEPENDENCY_UNAVAILABLE', `Vitrine did not come up in the background. The end of ${logFile}:\n${tail}`);
}

function report(context: CliContext, json: boolean, { owner, gatewayUrl, workerUrl }: RunFile): void {
  const graphqlUrl = `${gatewayUrl}/graphql`;
  printResult(context, json, { pid: owner.pid, gatewayUrl, graphqlUrl, workerUrl }, [
    `gateway  ${gatewayUrl}`,
    `GraphQL  ${graphqlUrl}`,
    `worker   ${workerUrl}`,
  ]);
}

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
  });
}
