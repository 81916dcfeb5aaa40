import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Redis } from 'ioredis';
import { createConnection } from 'mongoose';
import { eventually } from '@vitrine/testing';
import { findRunning } from './find-running';
import { identify, stillRuns, type ProcessIdentity } from './process-identity';
import { readStackState } from './stack-state';
import { startEphemeralStack, startStack, type Stack } from './start-stack';

const ROOT = resolve(__dirname, '../../..');
const { MONGO_URL: _mongo, REDIS_URL: _redis, ...env } = process.env; // a server of the operator's own would bypass what is tested here

describe('startStack', () => {
  let dataDir = '';
  const log: string[] = [];
  const open: Stack[] = [];
  const start = async (over: Partial<Parameters<typeof startStack>[0]> = {}): Promise<Stack> => {
    const stack = await startStack({ dataDir, log: (line) => void log.push(line), env, ...over });
    open.push(stack);
    return stack;
  };

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'vitrine-stack-spec-'));
    log.length = 0;
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((stack) => stack.stop()));
    await rm(dataDir, { recursive: true, force: true });
  });

  async function write(stack: Stack): Promise<void> {
    await withClients(stack, async (rows, redis) => {
      await rows.insertOne({ at: 'first run' });
      await redis.set('k', 'v');
    });
  }

  async function read(stack: Stack): Promise<unknown> {
    return withClients(stack, async (rows, redis) => [await rows.countDocuments(), await redis.get('k')]);
  }

  it('gives a replica set with a primary and a Redis that loses and evicts nothing', async () => {
    const stack = await start();
    const mongo = await createConnection(stack.mongoUrl).asPromise();
    const hello = await mongo.getClient().db('admin').command({ hello: 1 });
    expect(hello).toMatchObject({ setName: 'rs0', isWritablePrimary: true });
    await mongo.close();
    const redis = new Redis(stack.redisUrl);
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await redis.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    redis.disconnect();
  });

  it('shares the servers of a running stack, says so, and leaves them alone when it stops', async () => {
    const first = await start();
    const second = await start();
    expect(second).toMatchObject({ mongoUrl: first.mongoUrl, redisUrl: first.redisUrl, reused: true });
    expect(log.filter((line) => line.includes('already running'))).toHaveLength(2);
    await second.stop();
    expect(await findRunning(dataDir, 'mongo')).not.toBeNull();
    await first.stop();
    expect(await findRunning(dataDir, 'mongo')).toBeNull();
    expect(await findRunning(dataDir, 'redis')).toBeNull();
  });

  it('starts one stack when two are asked for at once', async () => {
    const both = await Promise.all([start(), start()]);
    expect(both.map(({ reused }) => reused).sort()).toEqual([false, true]);
    expect(both[0].mongoUrl).toBe(both[1].mongoUrl);
  });

  it('keeps the data and the ports over a restart', async () => {
    const first = await start();
    await write(first);
    await first.stop();
    const again = await start();
    expect(again).toMatchObject({ mongoUrl: first.mongoUrl, redisUrl: first.redisUrl, reused: false });
    expect(await read(again)).toEqual([1, 'v']);
  });

  it('keeps the data, and has a primary, when the old ports have been taken', async () => {
    const first = await start();
    await write(first);
    await first.stop();
    const { mongo, redis } = readStackState(dataDir);
    const squatters = await Promise.all([squat(mongo?.port ?? 0), squat(redis?.port ?? 0)]);
    const moved = await start();
    expect(moved.mongoUrl).not.toBe(first.mongoUrl);
    expect(moved.redisUrl).not.toBe(first.redisUrl);
    expect(await read(moved)).toEqual([1, 'v']);
    squatters.forEach((release) => release());
  });

  it('uses servers that the environment names as they are', async () => {
    const urls = { MONGO_URL: 'mongodb://db.example/x', REDIS_URL: 'redis://cache.example' };
    const stack = await start({ env: urls });
    expect(stack).toMatchObject({
      mongoUrl: urls.MONGO_URL,
      redisUrl: urls.REDIS_URL,
      reused: false,
      origin: { mongo: 'MONGO_URL', redis: 'REDIS_URL' },
    });
  });

  it('stops when its signal is aborted', async () => {
    const end = new AbortController();
    await start({ signal: end.signal });
    const server = readStackState(dataDir).mongo?.running?.server;
    end.abort();
    await eventually(() => server !== undefined && !stillRuns(server), { what: 'mongod to end', deadlineMs: 20_000 });
    await expect(start({ signal: end.signal })).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });

  it('leaves nothing behind of a start that fails', async () => {
    await start().then((stack) => stack.stop());
    const wrong = { ...env, PATH: '/nowhere', VITRINE_CACHE_DIR: '/dev/null/nowhere' };
    await expect(start({ env: wrong })).rejects.toMatchObject({ code: 'STACK_BINARY_MISSING' });
    expect(await findRunning(dataDir, 'redis')).toBeNull();
  });

  it('is reaped when its process is killed without a word, and starts again over the same data', async () => {
    const { child, stackOf } = await stackInAnotherProcess(dataDir);
    await write(stackOf);
    const servers = await serversOf(dataDir);
    expect(servers.every(stillRuns)).toBe(true);
    child.kill('SIGKILL');
    await eventually(() => !servers.some(stillRuns), { what: 'both servers to end', deadlineMs: 30_000 });
    const again = await start();
    expect(again.reused).toBe(false);
    expect(await read(again)).toEqual([1, 'v']);
  });

  it('does not let Ctrl-C in the terminal reach the servers, which lead sessions of their own', async () => {
    const { child } = await stackInAnotherProcess(dataDir, { ignoreInterrupts: true });
    const servers = await serversOf(dataDir);
    process.kill(-(child.pid ?? 0), 'SIGINT'); // what a terminal does: the whole process group
    expect(await findRunning(dataDir, 'mongo')).not.toBeNull();
    child.kill('SIGKILL');
    await eventually(() => !servers.some(stillRuns), { what: 'both servers to end', deadlineMs: 30_000 });
  });
});

describe('startEphemeralStack', () => {
  it('removes its directory when it stops', async () => {
    const stack = await startEphemeralStack({ log: () => undefined, env });
    const redis = new Redis(stack.redisUrl);
    const [, dir] = (await redis.config('GET', 'dir')) as [string, string];
    redis.disconnect();
    expect((await stat(dir)).isDirectory()).toBe(true);
    await stack.stop();
    await expect(stat(dir)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

type Rows = ReturnType<Awaited<ReturnType<ReturnType<typeof createConnection>['asPromise']>>['collection']>;

async function withClients<T>(stack: Stack, work: (rows: Rows, redis: Redis) => Promise<T>): Promise<T> {
  const mongo = await createConnection(stack.mongoUrl).asPromise();
  const redis = new Redis(stack.redisUrl);
  try {
    return await work(mongo.collection('rows'), redis);
  } finally {
    redis.disconnect();
    await mongo.close();
  }
}

function squat(port: number): Promise<() => void> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => socket.destroy()).once('error', fail);
    server.listen(port, '127.0.0.1', () => done(() => void server.close()));
  });
}

async function serversOf(dataDir: string): Promise<readonly ProcessIdentity[]> {
  const { mongo, redis } = readStackState(dataDir);
  return [mongo, redis].flatMap((entry) => (entry?.running ? [entry.running.server] : []));
}

/** The bundled stack in a Node of its own, leader of its own process group. */
async function stackInAnotherProcess(dataDir: string, { ignoreInterrupts = false } = {}) {
  execFileSync(process.execPath, [join(ROOT, 'tools/bootstrap/build.mjs'), 'stack'], { cwd: ROOT, stdio: 'ignore' });
  const code = `
    ${ignoreInterrupts ? "process.on('SIGINT', () => {});" : ''}
    const { startStack } = require(${JSON.stringify(join(ROOT, 'dist/tools/stack/index.cjs'))});
    startStack({ dataDir: ${JSON.stringify(dataDir)}, log: () => {} }).then((stack) => process.stdout.write(JSON.stringify(stack)));
    setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['-e', code], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  await eventually(() => text.endsWith('}') && identify(child.pid ?? 0), { what: 'the stack of the other process', deadlineMs: 60_000 });
  return { child, stackOf: JSON.parse(text) as Stack };
}
