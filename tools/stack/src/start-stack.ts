import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DomainError } from '@vitrine/kernel';
import { locateBinary } from './binaries/locate-binary';
import { ENGINES, type Engine, type Env, type Say } from './engine';
import { dataDirOf, findRunning, settleOrphan } from './find-running';
import { identify } from './process-identity';
import { startReaper, type Reaper } from './reaper';
import { freePort } from './servers/free-port';
import { startMongo, type StartedServer } from './servers/mongo-server';
import { startRedis } from './servers/redis-server';
import { takeStartLock } from './start-lock';
import { readStackState, updateStackState, type ServerRecord } from './stack-state';

export interface Stack {
  readonly mongoUrl: string;
  readonly redisUrl: string;
  /** Whether a server that was already running over this directory is used. */
  readonly reused: boolean;
  /** Where each server came from, for people. */
  readonly origin: { readonly mongo: string; readonly redis: string };
  /** Stops what this call started, and nothing else. May be called twice. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Holds the data of both servers, their logs and `stack.json`; made when missing. */
  readonly dataDir: string;
  readonly log: Say;
  /** Aborting it stops the stack, while it starts or later. */
  readonly signal?: AbortSignal;
  /** Read for MONGO_URL, REDIS_URL, PATH and the cache directory. */
  readonly env?: Env;
}

interface Service {
  readonly engine: Engine;
  readonly url: string;
  readonly origin: string;
  readonly from: 'url' | 'running' | 'started';
  stop(): Promise<void>;
}

interface StartContext {
  readonly dataDir: string;
  readonly log: Say;
  readonly env: Env;
  readonly reaper: () => Reaper;
}

/**
 * Brings up MongoDB (replica set of one) and Redis (append-only file, fsync always, no eviction) over `dataDir`, or finds them: a URL in
 * the environment is used as it is, servers of another process over the same directory are shared. What this process starts ends with
 * it, also when it is killed.
 *
 * @throws DomainError STACK_BINARY_MISSING, STACK_START_FAILED; SHUTTING_DOWN when aborted while starting
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  return start(options, () => undefined);
}

/** A stack in a temporary directory that is removed with it: for tests and benchmarks. */
export async function startEphemeralStack(options: Omit<StackOptions, 'dataDir'>): Promise<Stack> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vitrine-stack-'));
  const remove = (): Promise<void> => rm(dataDir, { recursive: true, force: true });
  try {
    const stack = await start({ ...options, dataDir }, (reaper) => reaper.removeAfterwards(dataDir));
    return { ...stack, stop: () => stack.stop().finally(remove) };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function start({ dataDir, log, signal, env = process.env }: StackOptions, onReaper: (reaper: Reaper) => void): Promise<Stack> {
  const dir = resolve(dataDir);
  let reaper: Reaper | null = null;
  const hireReaper = (): Reaper => {
    if (reaper === null) onReaper((reaper = startReaper()));
    return reaper;
  };
  const services = await startAll({ dataDir: dir, log, env, reaper: hireReaper }, signal).catch((error: unknown) => {
    reaper?.dismiss();
    throw error;
  });
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopping ??= stopAll(dir, services).then(() => reaper?.dismiss()));
  signal?.addEventListener('abort', () => void stop(), { once: true });
  if (signal?.aborted === true) {
    await stop();
    throw new DomainError('SHUTTING_DOWN', 'the start of the databases was interrupted');
  }
  const [mongo, redis] = services;
  return {
    mongoUrl: mongo.url,
    redisUrl: redis.url,
    reused: services.some(({ from }) => from === 'running'),
    origin: { mongo: mongo.origin, redis: redis.origin },
    stop,
  };
}

async function startAll(context: StartContext, signal: AbortSignal | undefined): Promise<readonly [Service, Service]> {
  const unlock = await takeStartLock(context.dataDir);
  try {
    if (signal?.aborted === true) throw new DomainError('SHUTTING_DOWN', 'the start of the databases was interrupted');
    const [mongo, redis] = await Promise.allSettled([startService('mongo', context), startService('redis', context)]);
    if (mongo.status === 'fulfilled' && redis.status === 'fulfilled') return [mongo.value, redis.value];
    const begun = [mongo, redis].flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    await stopAll(context.dataDir, begun);
    throw firstReason([mongo, redis]);
  } finally {
    unlock();
  }
}

function firstReason(outcomes: readonly PromiseSettledResult<Service>[]): unknown {
  return outcomes.find((outcome) => outcome.status === 'rejected')?.reason;
}

async function startService(engine: Engine, { dataDir, log, env, reaper }: StartContext): Promise<Service> {
  const { title, urlVariable } = ENGINES[engine];
  const stop = (): Promise<void> => Promise.resolve();
  const given = env[urlVariable];
  if (given !== undefined && given !== '') {
    log(`${title}: using ${urlVariable}`);
    return { engine, url: given, origin: urlVariable, from: 'url', stop };
  }
  const running = await findRunning(dataDir, engine);
  if (running !== null) {
    log(`${title}: already running on port ${running.port} (process ${running.pid}), using that`);
    return { engine, url: running.url, origin: running.origin, from: 'running', stop };
  }
  const before = readStackState(dataDir)[engine];
  await settleOrphan(before);
  const binary = await locateBinary(engine, env, log);
  const port = await freePort(before?.port ?? null);
  const launch = engine === 'mongo' ? startMongo : startRedis;
  const logFile = join(dataDir, `${engine}.log`);
  const server = await launch({ binary: binary.path, dir: dataDirOf(dataDir, engine), port, logFile, reaper: reaper() });
  record(dataDir, engine, { port, origin: binary.origin, server });
  log(`${title} ${binary.version} is up on port ${port}, from ${binary.origin}`);
  return { engine, url: server.url, origin: binary.origin, from: 'started', stop: () => server.process.stop() };
}

function record(dataDir: string, engine: Engine, { port, origin, server }: { port: number; origin: string; server: StartedServer }): void {
  const owner = identify(process.pid);
  const running = owner === null ? null : { server: server.process.identity, owner };
  const entry: ServerRecord = { port, url: server.url, origin, running };
  updateStackState(dataDir, (state) => ({ ...state, [engine]: entry }));
}

async function stopAll(dataDir: string, services: readonly Service[]): Promise<void> {
  const started = services.filter(({ from }) => from === 'started');
  await Promise.all(started.map((service) => service.stop()));
  if (started.length === 0) return;
  updateStackState(dataDir, (state) => {
    const stopped = started.flatMap(({ engine }) => {
      const entry = state[engine];
      return entry?.running?.owner.pid === process.pid ? [[engine, { ...entry, running: null }]] : [];
    });
    return { ...state, ...Object.fromEntries(stopped) };
  });
}
