import type { Migration } from '@vitrine/platform';
import type { Connection } from 'mongoose';
import type { CatalogHeadDoc } from './catalog.documents';

const COLLECTIONS = ['placements', 'campaigns', 'banners', 'policy_versions', 'policy_pointers', 'catalog_head'] as const;
const NAMESPACE_EXISTS = 48;

/** Collections exist before the first transaction needs them: creating one inside a transaction conflicts with every other writer. */
async function createCollections(connection: Connection): Promise<void> {
  for (const name of COLLECTIONS) {
    try {
      await connection.createCollection(name);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === NAMESPACE_EXISTS)) throw error;
    }
  }
}

async function createIndexes(connection: Connection): Promise<void> {
  await connection.collection('policy_versions').createIndex({ placementId: 1, number: -1 }, { unique: true });
  await connection.collection('banners').createIndex({ campaignId: 1, _id: 1 });
  await connection.collection('campaigns').createIndex({ placementIds: 1, _id: 1 });
}

/** Creates the collections, their indexes and the head at revision 0. */
export const catalogMigrations: readonly Migration[] = [
  {
    id: 'catalog-0001-collections',
    async up(connection) {
      await createCollections(connection);
      await createIndexes(connection);
      const head = connection.collection<CatalogHeadDoc>('catalog_head');
      await head.updateOne({ _id: 'catalog' }, { $setOnInsert: { revision: 0 } }, { upsert: true });
    },
  },
];
