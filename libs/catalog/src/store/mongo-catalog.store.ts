import { invariant } from '@vitrine/kernel';
import type { ClientSession, Connection } from 'mongoose';
import type { CatalogStore, CatalogTransaction, Stored } from '../application/ports';
import type { CatalogHeadDoc } from './catalog.documents';
import { catalogModels, type CatalogModels } from './catalog.schemas';
import { MongoCatalogTransaction } from './mongo-catalog.transaction';

const TRANSACTION = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } } as const;

/** Writes of the catalogue. Every change first raises the one head document, so two changes never commit from the same view. */
export class MongoCatalogStore implements CatalogStore {
  private readonly models: CatalogModels;

  constructor(private readonly connection: Connection) {
    this.models = catalogModels(connection);
  }

  async write<T>(work: (transaction: CatalogTransaction) => Promise<T>): Promise<Stored<T>> {
    const session = await this.connection.startSession();
    try {
      return await session.withTransaction(async () => {
        const revision = await this.raiseHead(session);
        const value = await work(new MongoCatalogTransaction(this.models, session, revision));
        return { value, revision };
      }, TRANSACTION);
    } finally {
      await session.endSession();
    }
  }

  private async raiseHead(session: ClientSession): Promise<number> {
    const head = await this.models.head
      .findOneAndUpdate({ _id: 'catalog' }, { $inc: { revision: 1 } }, { session, returnDocument: 'after' })
      .lean<CatalogHeadDoc>()
      .exec();
    invariant(head !== null, 'the catalogue migrations have run');
    return head.revision;
  }
}
