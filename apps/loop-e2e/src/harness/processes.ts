import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DomainError } from '@vitrine/kernel';
import { freePort, startReaper, type Reaper } from '@vitrine/stack';
import { eventually } from '@vitrine/testing';

const ROOT = resolve(__dirname, '../../../..');
const START_DEADLINE_MS = 40_000;
const BUNDLES = {
  gateway: 'dist/apps/gateway/main.cjs',
  worker: 'dist/apps/worker/main.cjs',
  'fault-worker': 'dist/test/fault-worker.cjs',
  cli: 'dist/tools/cli/main.cjs',
} as const;
export type Bundle = keyof typeof BUNDLES;
type Env = Readonly<Record<string, string>>;

export interface Launch {
  readonly args?: readonly string[];
  readonly env?: Env;
  /** Returns at once instead of when it is ready. */
  readonly detached?: boolean;
}

export interface Running {
  readonly url: string;
  readonly pid: number;
  /** Exit code or signal, once it has ended. */
  readonly ended: Promise<number | string>;
  log(): string;
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

export interface Processes {
  start(bundle: Bundle, launch?: Launch): Promise<Running>;
  /** Runs a command to its end: exit code and standard output. */
  run(args: readonly string[]): Promise<{ readonly code: number | string; readonly output: string }>;
  stopAll(): Promise<void>;
}

/** Bundles what this run needs; another spec file may have done so already. */
export function buildBundles(): void {
  execFileSync(process.execPath, [join(ROOT, 'tools/bootstrap/build.mjs'), ...Object.keys(BUNDLES)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Starts processes that all end with `stopAll`, or with this process, should it be killed. VITRINE_TEST_LOGS names a folder that keeps their logs. */
export function createProcesses(env: () => Env): Processes {
  const reaper = startReaper();
  const kept = process.env['VITRINE_TEST_LOGS'];
  const dir = mkdtempSync(join(kept ?? tmpdir(), 'vitrine-loop-'));
  const all: Running[] = [];
  return {
    async start(bundle, { args = [], env: more = {}, detached = false } = {}) {
      const port = await freePort(null);
      const ports = { GATEWAY_PORT: String(port), WORKER_PORT: String(port) };
      const app = launch({
        args: [join(ROOT, BUNDLES[bundle]), ...args],
        env: { ...env(), ...ports, ...more },
        logFile: join(dir, `${bundle}-${all.length}.log`),
        url: `http://127.0.0.1:${port}`,
        reaper,
      });
      all.push(app);
      if (!detached) await untilReady(bundle, app);
      return app;
    },
    async run(args) {
      const logFile = join(dir, `cli-${all.length}.log`);
      const app = launch({ args: [join(ROOT, BUNDLES.cli), ...args], env: env(), logFile, url: '', reaper });
      all.push(app);
      return { code: await app.ended, output: app.log() };
    },
    async stopAll() {
      await Promise.all(all.map((app) => app.stop('SIGKILL')));
      reaper.dismiss();
      if (kept === undefined) rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function untilReady(bundle: Bundle, app: Running): Promise<void> {
  let end: number | string | null = null;
  void app.ended.then((how) => (end = how));
  const outcome = await eventually(
    async () => end !== null || (await fetch(`${app.url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok,
    { deadlineMs: START_DEADLINE_MS, what: `the ${bundle} to be ready` },
  );
  if (outcome && end !== null) throw new DomainError('DEPENDENCY_UNAVAILABLE', `the ${bundle} ended (${String(end)}):\n${app.log()}`);
}

interface ChildSpec {
  readonly args: readonly string[];
  readonly env: Env;
  readonly logFile: string;
  /** Where it will serve; empty for a command. */
  readonly url: string;
  readonly reaper: Reaper;
}

function launch({ args, env, logFile, url, reaper }: ChildSpec): Running {
  const fd = openSync(logFile, 'a');
  const path = process.env['PATH'] ?? '';
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    detached: true,
    stdio: ['ignore', fd, fd],
    env: { PATH: path, ...env },
  });
  closeSync(fd);
  const { pid } = child;
  if (pid === undefined) throw new DomainError('DEPENDENCY_UNAVAILABLE', `cannot start ${args.join(' ')}`);
  reaper.watch(pid);
  const ended = endOf(child).finally(() => reaper.forget(pid));
  return {
    url,
    pid,
    ended,
    log: () => readFileSync(logFile, 'utf8'),
    stop: (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<number | string> {
  return new Promise((settle) => child.once('exit', (code, signal) => settle(signal ?? code ?? 0)));
}
