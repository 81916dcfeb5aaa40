import { mkdir, realpath } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { ServerSettings, StartedServer } from './mongo-server';
import { startServer } from './server-process';

const COMMAND_TIMEOUT_MS = 3_000;

export function redisUrl(port: number): string {
  return `redis://127.0.0.1:${port}`;
}

/** Starts Redis so that it loses no acknowledged write on a crash and evicts nothing: it holds queues, it is not a cache. */
export async function startRedis({ binary, dir, port, logFile, reaper }: ServerSettings): Promise<StartedServer> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const network = ['--port', String(port), '--bind', '127.0.0.1', '--daemonize', 'no'];
  const storage = ['--dir', dir, '--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--maxmemory-policy', 'noeviction'];
  const process = startServer({ engine: 'redis', binary, args: [...network, ...storage], logFile, reaper });
  try {
    await process.untilReady(() => withRedis(port, (redis) => redis.ping()).then(isPong, () => null)); // LOADING is an error: not yet
    return { url: redisUrl(port), process };
  } catch (error) {
    await process.stop();
    throw error;
  }
}

/** Whether a Redis at this port answers and keeps its data in `dir`. */
export async function isOurRedis(port: number, dir: string): Promise<boolean> {
  return withRedis(port, async (redis) => {
    const [, own] = z.tuple([z.string(), z.string()]).parse(await redis.config('GET', 'dir'));
    return (await realpath(own)) === (await realpath(dir));
  }).catch(() => false);
}

function isPong(answer: string): true | null {
  return answer === 'PONG' ? true : null;
}

async function withRedis<T>(port: number, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(redisUrl(port), {
    lazyConnect: true,
    connectTimeout: COMMAND_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 0,
    disconnectTimeout: 100, // a timer that would keep a finished process alive for two seconds
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined); // the awaited call reports it
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
