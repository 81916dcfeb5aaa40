import { awaitRedis, connectMongo, createRedis, type Config, type Logger } from '@vitrine/platform';
import type { Redis } from 'ioredis';
import { ConnectionStates, type Connection } from 'mongoose';
import type { DependencyState } from '../edge/readiness';
import { closeAll, type Closer } from '../server/shutdown';

const CLOSE_DEADLINE_MS = 2_000;

/** Connections of this process; each Redis client has one role, since a subscriber can do nothing else and a producer must fail fast. */
export interface Infrastructure {
  readonly mongo: Connection;
  readonly cache: Redis;
  readonly producer: Redis;
  readonly subscriber: Redis;
  readonly states: Readonly<Record<'mongo' | 'redis', () => DependencyState>>;
  /** In the order in which they are to be closed. */
  readonly closers: readonly Closer[];
}

/**
 * Connects to Mongo and Redis, waiting for them up to the start deadline; what was opened is closed again when one of them stays away.
 *
 * @throws DomainError DEPENDENCY_UNAVAILABLE naming the one that could not be reached
 */
export async function connectInfrastructure(config: Config, logger: Logger): Promise<Infrastructure> {
  const [cache, producer, subscriber] = [
    createRedis(config.REDIS_URL, 'cache', logger),
    createRedis(config.REDIS_URL, 'producer', logger),
    createRedis(config.REDIS_URL, 'subscriber', logger),
  ];
  const redisClosers = [cache, producer, subscriber].map((client): Closer => ({ name: 'redis', close: async () => client.disconnect() }));
  const connecting = connectMongo({ url: config.MONGO_URL, name: 'vitrine-gateway', deadlineMs: config.START_DEADLINE_MS, logger });
  const waiting = [cache, producer, subscriber].map((client) => awaitRedis(client, config.START_DEADLINE_MS, logger));
  try {
    const [mongo] = await Promise.all([connecting, ...waiting]);
    const closers = [...redisClosers, { name: 'mongo', close: () => mongo.close() }];
    const states = {
      mongo: () => (mongo.readyState === ConnectionStates.connected ? ('up' as const) : ('down' as const)),
      redis: () => (cache.status === 'ready' ? ('up' as const) : ('down' as const)),
    };
    return { mongo, cache, producer, subscriber, states, closers };
  } catch (error) {
    await closeAll(redisClosers, CLOSE_DEADLINE_MS, logger);
    void connecting.then((mongo) => mongo.close()).catch(() => undefined); // it may still come up after Redis gave out
    throw error;
  }
}
