import type { Command } from 'commander';
import { DomainError } from '@vitrine/kernel';
import { findRunning, stillRuns, waitUntil, type ProcessIdentity } from '@vitrine/stack';
import { printResult, type CliContext } from '../cli-context';
import { readRunFile } from '../run-file';

const DOWN_DEADLINE_MS = 60_000;

export function registerDown(program: Command, context: CliContext): void {
  program
    .command('down')
    .description('stops what "up" or "start" runs over this data directory, and waits for it; the data stay')
    .option('--json', 'print what was stopped as JSON', false)
    .action(async ({ json }: { readonly json: boolean }) => {
      const owners = await ownersOf(context.dataDir);
      for (const { pid } of owners) process.kill(pid, 'SIGTERM');
      const gone = await waitUntil(() => (owners.some(stillRuns) ? null : true), DOWN_DEADLINE_MS);
      if (gone === null) throw new DomainError('DEPENDENCY_UNAVAILABLE', `process ${owners.map(({ pid }) => pid).join(', ')} did not end`);
      const stopped = owners.map(({ pid }) => pid);
      printResult(context, json, { stopped }, [stopped.length === 0 ? 'nothing was running' : `stopped (process ${stopped.join(', ')})`]);
    });
}

/** The processes that hold the apps or the databases: as a rule one. */
async function ownersOf(dataDir: string): Promise<readonly ProcessIdentity[]> {
  const servers = await Promise.all([findRunning(dataDir, 'mongo'), findRunning(dataDir, 'redis')]);
  const owners = [readRunFile(dataDir), ...servers].flatMap((holder) => (holder === null ? [] : [holder.owner]));
  return [...new Map(owners.map((owner) => [owner.pid, owner])).values()];
}
