import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startReaper, type Env, type Reaper } from '@vitrine/stack';
import { startApp, type AppCommand, type AppName, type AppProcess } from './app-process';

const DEFAULT_PORTS: Readonly<Record<AppName, number>> = { gateway: 4000, worker: 4001 };
const PORT_VARIABLES: Readonly<Record<AppName, string>> = { gateway: 'GATEWAY_PORT', worker: 'WORKER_PORT' };

export interface AppsOptions {
  readonly mongoUrl: string;
  readonly redisUrl: string;
  /** Environment of both apps, keys included; the two URLs and the ports are added. */
  readonly env: Env;
  /** Top of the checkout, where `dist/` is. */
  readonly root: string;
  /** Directory of `gateway.log` and `worker.log`. */
  readonly logDir: string;
  /** Taken as given; without it GATEWAY_PORT, or 4000 when that is free, or any free port. */
  readonly gatewayPort?: number;
  readonly signal?: AbortSignal;
  /** Other bundles than the built ones, for tests. */
  readonly entries?: Readonly<Record<AppName, string>>;
}

export interface RunningApps {
  readonly gatewayUrl: string;
  readonly workerUrl: string;
  readonly gateway: Pick<AppProcess, 'pid'>;
  /** The worker of this moment; another one after `restartWorker`. */
  readonly worker: Pick<AppProcess, 'pid'>;
  /** Tells which app ended and how, when one ends that nobody told to. */
  readonly crashed: Promise<string>;
  /** Ends the worker (SIGTERM lets it finish its jobs, SIGKILL is a crash) and starts a new one on the same port. */
  restartWorker(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Both drain and end. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts gateway and worker and waits for both to be ready. Should this process be killed, they end too.
 *
 * @throws DomainError DEPENDENCY_UNAVAILABLE, SHUTTING_DOWN
 */
export async function startApps(options: AppsOptions): Promise<RunningApps> {
  mkdirSync(options.logDir, { recursive: true, mode: 0o700 });
  const reaper = startReaper();
  const commands = { gateway: await commandOf('gateway', options, reaper), worker: await commandOf('worker', options, reaper) };
  const apps = new Map<AppName, AppProcess>();
  const { promise: crashed, resolve: onCrash } = deferred<string>();
  const bringUp = async (name: AppName): Promise<void> => {
    const app = await startApp(commands[name], options.signal);
    apps.set(name, app);
    void app.ended.then((how) => {
      if (apps.get(name) === app) onCrash(`the ${name} ended unasked (${how}), see ${commands[name].logFile}`);
    });
  };
  const bringDown = async (name: AppName, signal?: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const app = apps.get(name);
    apps.delete(name); // from here on its end is no crash
    await app?.stop(signal);
  };
  let stopping: Promise<void> | null = null;
  const stopBoth = (): Promise<void> => Promise.all([bringDown('gateway'), bringDown('worker')]).then(() => reaper.dismiss());
  const stop = (): Promise<void> => (stopping ??= stopBoth());
  const outcomes = await Promise.allSettled([bringUp('gateway'), bringUp('worker')]);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) {
    await stop();
    throw failure.reason;
  }
  return {
    gatewayUrl: commands.gateway.url,
    workerUrl: commands.worker.url,
    gateway: { pid: apps.get('gateway')?.pid ?? 0 },
    get worker() {
      return { pid: apps.get('worker')?.pid ?? 0 };
    },
    crashed,
    restartWorker: async (signal) => {
      await bringDown('worker', signal);
      await bringUp('worker');
    },
    stop,
  };
}

async function commandOf(name: AppName, options: AppsOptions, reaper: Reaper): Promise<AppCommand> {
  const { env, mongoUrl, redisUrl, root, logDir, gatewayPort } = options;
  const asked = (name === 'gateway' ? gatewayPort : undefined) ?? portFrom(env[PORT_VARIABLES[name]]);
  const port = asked ?? (await freePort(DEFAULT_PORTS[name]));
  return {
    name,
    entry: options.entries?.[name] ?? join(root, 'dist', 'apps', name, 'main.cjs'),
    env: { ...env, MONGO_URL: mongoUrl, REDIS_URL: redisUrl, [PORT_VARIABLES[name]]: String(port) },
    url: `http://127.0.0.1:${port}`,
    logFile: join(logDir, `${name}.log`),
    reaper,
  };
}

function portFrom(text: string | undefined): number | undefined {
  const port = Number(text);
  return text !== undefined && Number.isInteger(port) && port > 0 ? port : undefined; // 0 means any: then we choose, to know it
}

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
