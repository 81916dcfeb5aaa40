import { catalogMigrations } from '@vitrine/catalog';
import { deliveryMigrations } from '@vitrine/delivery';
import { feedbackMigrations, sealedEventsMigration } from '@vitrine/feedback';
import {
  awaitRedis,
  connectMongo,
  createPersonalSealer,
  createRedis,
  runMigrations,
  type Config,
  type Logger,
  type Migration,
} from '@vitrine/platform';
import { createVisitorHasher, profileMigrations, sealedProfilesMigration } from '@vitrine/profile';
import { segmentMigrations } from '@vitrine/segment';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import { applyRetention } from '../adapters/retention';

export interface Infrastructure {
  readonly mongo: Connection;
  /** For queues that this process fills: fails fast. */
  readonly producer: Redis;
  readonly subscriber: Redis;
  /** A connection of its own for each BullMQ worker: their reads block. */
  workerConnection(): Redis;
  close(): Promise<void>;
}

/**
 * Connects, waiting up to the start deadline, and brings the database to this version's shape.
 *
 * @throws DomainError DEPENDENCY_UNAVAILABLE naming the one that could not be reached
 */
export async function connectInfrastructure(config: Config, logger: Logger): Promise<Infrastructure> {
  const producer = createRedis(config.REDIS_URL, 'producer', logger);
  const subscriber = createRedis(config.REDIS_URL, 'subscriber', logger);
  const workers: Redis[] = [];
  const disconnect = () => [producer, subscriber, ...workers].forEach((client) => client.disconnect());
  const connecting = connectMongo({
    url: config.MONGO_URL,
    name: 'vitrine-worker',
    deadlineMs: config.START_DEADLINE_MS,
    logger,
    maxPoolSize: 40,
  });
  try {
    const waiting = [producer, subscriber].map((client) => awaitRedis(client, config.START_DEADLINE_MS, logger));
    const [mongo] = await Promise.all([connecting, ...waiting]);
    const ran = await runMigrations(mongo, migrationsOf(config));
    if (ran.length > 0) logger.info({ migrations: ran }, 'database migrated');
    await applyRetention(mongo, config);
    return {
      mongo,
      producer,
      subscriber,
      workerConnection: () => {
        const client = createRedis(config.REDIS_URL, 'worker', logger);
        workers.push(client);
        return client;
      },
      close: async () => {
        disconnect();
        await mongo.close();
      },
    };
  } catch (error) {
    disconnect();
    void connecting.then((mongo) => mongo.close()).catch(() => undefined); // it may still come up after Redis gave out
    throw error;
  }
}

function migrationsOf(config: Config): readonly Migration[] {
  const sealer = createPersonalSealer(config.PERSONAL_DATA_KEYS);
  const hasher = createVisitorHasher(config.VISITOR_HASH_KEY);
  const profiles = [...profileMigrations, sealedProfilesMigration({ sealer, hasher })];
  const feedback = [...feedbackMigrations, sealedEventsMigration(sealer)];
  return [...catalogMigrations, ...profiles, ...feedback, ...deliveryMigrations, ...segmentMigrations];
}
