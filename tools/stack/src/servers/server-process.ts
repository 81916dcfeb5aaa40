import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { DomainError } from '@vitrine/kernel';
import { ENGINES, type Engine } from '../engine';
import { identify, type ProcessIdentity } from '../process-identity';
import type { Reaper } from '../reaper';
import { waitUntil } from './wait-until';

const STOP_GRACE_MS = 20_000;
const READY_DEADLINE_MS = 60_000;
const SHOWN_LOG_LINES = 12;

export interface ServerProcess {
  readonly identity: ProcessIdentity;
  /** Waits for `ready` to give a value. @throws DomainError STACK_START_FAILED with the end of the server's log when it dies or takes too long */
  untilReady<T>(ready: () => Promise<T | null>): Promise<T>;
  /** SIGTERM, so that everything is written out; SIGKILL only when the server does not end in time. */
  stop(): Promise<void>;
}

export interface ServerCommand {
  readonly engine: Engine;
  readonly binary: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly reaper: Reaper;
}

/**
 * Starts a database server in a session of its own (Ctrl-C in our terminal must reach us alone, or the database would be gone before
 * the apps have drained) and puts it under the reaper's watch.
 *
 * @throws DomainError STACK_START_FAILED
 */
export function startServer({ engine, binary, args, logFile, reaper }: ServerCommand): ServerProcess {
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.previous`); // keeps the last crash readable and the log bounded
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(binary, args, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let end: string | null = null;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => ((end = error.message), resolve()));
    child.once('exit', (code, signal) => ((end = signal ?? `exit code ${String(code)}`), resolve()));
  });
  const fail = (what: string): DomainError =>
    new DomainError('STACK_START_FAILED', `${ENGINES[engine].title} ${what}. The end of ${logFile}:\n${tailOf(logFile)}`, {
      details: { engine },
    });
  const { pid } = child;
  if (pid === undefined) throw fail(`could not be started from ${binary}`);
  reaper.watch(pid);
  const identity = identify(pid) ?? { pid, began: '' };
  child.unref();
  return {
    identity,
    async untilReady(ready) {
      const value = await waitUntil(() => {
        if (end !== null) throw fail(`ended while starting (${end})`);
        return ready();
      }, READY_DEADLINE_MS);
      if (value === null) throw fail(`was not ready within ${READY_DEADLINE_MS / 1000} s`);
      return value;
    },
    async stop() {
      if (end === null) child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await ended;
      clearTimeout(killer);
      reaper.forget(pid);
    },
  };
}

function tailOf(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LOG_LINES).join('\n');
}
