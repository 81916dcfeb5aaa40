import { DomainError } from '@vitrine/kernel';
import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from '../logging/logger';

/**
 * `cache` and `producer` fail fast while Redis is away (no offline queue, 500 ms per command); `worker` waits, as BullMQ's blocking
 * reads must; `subscriber` waits and subscribes again by itself.
 */
export type RedisRole = 'cache' | 'producer' | 'worker' | 'subscriber';

const BACKOFF = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 6), 1_000);
const OPTIONS: Readonly<Record<RedisRole, RedisOptions>> = {
  cache: { enableOfflineQueue: false, commandTimeout: 500, maxRetriesPerRequest: 1 },
  producer: { enableOfflineQueue: false, commandTimeout: 2_000, maxRetriesPerRequest: 1 },
  worker: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null },
};

/** A client that reconnects for ever; connection errors are logged once per outage. */
export function createRedis(url: string, role: RedisRole, logger: Logger): Redis {
  const client = new Redis(url, {
    ...OPTIONS[role],
    lazyConnect: true,
    enableReadyCheck: true,
    retryStrategy: BACKOFF,
    connectTimeout: 2_000,
  });
  let away = false;
  client.on('error', (error: unknown) => {
    if (away) return;
    away = true;
    logger.warn({ dependency: 'redis', role, reason: error instanceof Error ? error.message : String(error) }, 'a dependency is away');
  });
  client.on('ready', () => {
    if (away) logger.info({ dependency: 'redis', role }, 'a dependency is back');
    away = false;
  });
  return client;
}

/** @throws DomainError DEPENDENCY_UNAVAILABLE after the deadline */
export async function awaitRedis(client: Redis, deadlineMs: number, logger: Logger): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  if (client.status === 'wait') void client.connect().catch(() => undefined);
  for (let told = false; client.status !== 'ready';) {
    if (Date.now() >= deadline)
      throw new DomainError('DEPENDENCY_UNAVAILABLE', 'Redis cannot be reached', { details: { dependency: 'redis' } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (!told && Date.now() > deadline - deadlineMs + 1_000) {
      told = true;
      logger.warn({ dependency: 'redis' }, 'waiting for a dependency');
    }
  }
}
