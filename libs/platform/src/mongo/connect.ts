import { DomainError } from '@vitrine/kernel';
import mongoose, { type Connection } from 'mongoose';
import type { Logger } from '../logging/logger';

mongoose.set('sanitizeFilter', true);
mongoose.set('strictQuery', 'throw');

export interface MongoOptions {
  readonly url: string;
  readonly name: string;
  /** How long to keep trying before giving up. */
  readonly deadlineMs: number;
  readonly logger: Logger;
  readonly maxPoolSize?: number;
}

/**
 * Connects, waiting with a message while the database is away.
 *
 * @throws DomainError DEPENDENCY_UNAVAILABLE after the deadline, with the driver's reason as cause
 */
export async function connectMongo(options: MongoOptions): Promise<Connection> {
  const deadline = Date.now() + options.deadlineMs;
  for (;;) {
    const connection = mongoose.createConnection(options.url, {
      appName: options.name,
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      maxPoolSize: options.maxPoolSize ?? 20,
      serverSelectionTimeoutMS: 2_000,
      connectTimeoutMS: 2_000,
      heartbeatFrequencyMS: 1_000,
      writeConcern: { w: 'majority', journal: true },
      retryWrites: true,
    });
    try {
      return await connection.asPromise();
    } catch (cause) {
      await connection.destroy().catch(() => undefined);
      if (Date.now() >= deadline)
        throw new DomainError('DEPENDENCY_UNAVAILABLE', 'Mongo cannot be reached', { cause, details: { dependency: 'mongo' } });
      options.logger.warn(
        { dependency: 'mongo', reason: String(cause instanceof Error ? cause.message : cause) },
        'waiting for a dependency',
      );
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
