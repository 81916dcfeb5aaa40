import type { Command } from 'commander';
import { findRunning } from '@vitrine/stack';
import { isReady } from '../app-process';
import { printResult, type CliContext } from '../cli-context';
import { readRunFile } from '../run-file';

interface PartStatus {
  readonly part: 'mongo' | 'redis' | 'gateway' | 'worker';
  readonly state: 'up' | 'not ready' | 'down' | 'external';
  readonly where: string | null;
}

export function registerStatus(program: Command, context: CliContext): void {
  program
    .command('status')
    .description('tells which parts run; exits with 1 unless all of them do')
    .option('--json', 'print the parts as JSON', false)
    .action(async ({ json }: { readonly json: boolean }) => {
      const parts = await statusOf(context);
      const up = parts.every(({ state }) => state === 'up' || state === 'external');
      const lines = parts.map(({ part, state, where }) => `${part.padEnd(8)} ${state.padEnd(9)} ${where ?? ''}`.trimEnd());
      printResult(context, json, { up, parts }, lines);
      if (!up) context.fail();
    });
}

/** A database that the environment names is not ours to judge here: the apps' readiness covers it, and `doctor` looks closer. */
async function statusOf({ dataDir, env }: CliContext): Promise<readonly PartStatus[]> {
  const database = async (part: 'mongo' | 'redis', variable: string): Promise<PartStatus> => {
    if (env[variable]) return { part, state: 'external', where: variable };
    const running = await findRunning(dataDir, part);
    return running === null
      ? { part, state: 'down', where: null }
      : { part, state: 'up', where: `port ${running.port}, process ${running.pid}` };
  };
  const run = readRunFile(dataDir);
  const app = async (part: 'gateway' | 'worker', url: string | undefined): Promise<PartStatus> =>
    url === undefined ? { part, state: 'down', where: null } : { part, state: (await isReady(url)) ? 'up' : 'not ready', where: url };
  return Promise.all([
    database('mongo', 'MONGO_URL'),
    database('redis', 'REDIS_URL'),
    app('gateway', run?.gatewayUrl),
    app('worker', run?.workerUrl),
  ]);
}
