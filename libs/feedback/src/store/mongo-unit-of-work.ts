import { mongo, type ClientSession, type Connection } from 'mongoose';
import type { UnitOfWork } from '../application/processing.ports';

const OPTIONS = { readPreference: 'primary', readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } } as const;
const DUPLICATE_KEY = 11_000;
const ATTEMPTS = 5;

/** Mongo transactions. The driver runs the work again after a write conflict, and the commit after an unknown result. */
export class MongoUnitOfWork implements UnitOfWork<ClientSession> {
  constructor(private readonly connection: Connection) {}

  async run<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const session = await this.connection.startSession();
      try {
        return await session.withTransaction(() => work(session), OPTIONS);
      } catch (error) {
        // Somebody inserted the same ids after our snapshot, which Mongo may report so rather than as a conflict: read again.
        if (attempt >= ATTEMPTS || !(error instanceof mongo.MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
      } finally {
        await session.endSession();
      }
    }
  }
}
