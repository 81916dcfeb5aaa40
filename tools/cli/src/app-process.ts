import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { DomainError } from '@vitrine/kernel';
import { messageOf, waitUntil, type Env, type Reaper } from '@vitrine/stack';

const READY_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 20_000;
const PROBE_TIMEOUT_MS = 2_000;
const SHOWN_LOG_LINES = 15;
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning', '--enable-source-maps'];

export type AppName = 'gateway' | 'worker';

export interface AppCommand {
  readonly name: AppName;
  /** The bundle to run. */
  readonly entry: string;
  readonly env: Env;
  /** Its `/readyz` answers 200 once it works. */
  readonly url: string;
  /** Takes its output: structured lines, which people read with their own tools. */
  readonly logFile: string;
  readonly reaper: Reaper;
}

export interface AppProcess {
  readonly name: AppName;
  readonly pid: number;
  readonly url: string;
  /** How it ended, once it has. */
  readonly ended: Promise<string>;
  /** Ends it with SIGTERM, so that it drains; with SIGKILL when it does not end in time, or when asked to. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/**
 * Starts an app in a session of its own, under the reaper's watch, and waits until it is ready.
 *
 * @throws DomainError DEPENDENCY_UNAVAILABLE with the end of the app's log when it ends or takes too long; SHUTTING_DOWN when aborted
 */
export async function startApp(command: AppCommand, signal?: AbortSignal): Promise<AppProcess> {
  const app = launch(command);
  let end: string | null = null;
  void app.ended.then((how) => (end = how));
  const outcome = await waitUntil(async () => {
    if (end !== null || signal?.aborted === true) return 'over';
    return (await isReady(command.url)) ? 'ready' : null;
  }, READY_DEADLINE_MS);
  if (outcome === 'ready') return app;
  await app.stop();
  if (signal?.aborted === true) throw new DomainError('SHUTTING_DOWN', `the start of the ${command.name} was interrupted`);
  const what =
    end === null || outcome === null ? `was not ready within ${READY_DEADLINE_MS / 1000} s` : `ended while starting (${String(end)})`;
  throw new DomainError(
    'DEPENDENCY_UNAVAILABLE',
    `The ${command.name} ${what}. The end of ${command.logFile}:\n${tailOf(command.logFile)}`,
  );
}

/** Whether `/readyz` under this URL answers 200. */
export async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).then(
    async (response) => (await response.arrayBuffer(), response.ok),
    () => false,
  );
}

function launch({ name, entry, env, url, logFile, reaper }: AppCommand): AppProcess {
  if (!existsSync(entry))
    throw new DomainError('DEPENDENCY_UNAVAILABLE', `The ${name} is not built: ${entry} is missing. Run "npm run build".`);
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.previous`);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [...NODE_FLAGS, entry], { detached: true, stdio: ['ignore', log, log], env: { ...env } });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(messageOf(error)));
    child.once('exit', (code, by) => resolve(by ?? `exit code ${String(code)}`));
  });
  const { pid } = child;
  if (pid === undefined) throw new DomainError('DEPENDENCY_UNAVAILABLE', `The ${name} could not be started with ${process.execPath}`);
  reaper.watch(pid);
  void ended.then(() => reaper.forget(pid));
  return {
    name,
    pid,
    url,
    ended,
    async stop(how = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(how);
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
      await ended;
      clearTimeout(killer);
    },
  };
}

function tailOf(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LOG_LINES).join('\n');
}
