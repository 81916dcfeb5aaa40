import { randomBytes } from 'node:crypto';
import { createConnection, type ClientSession, type Connection } from 'mongoose';
import { invariant } from '@vitrine/kernel';
import { testServiceUrl, withDatabase } from './test-service-url';

const SELECTION_TIMEOUT_MS = 10_000;

export interface MongoHarness {
  /** Connection to this file's own database. */
  connection(): Connection;
  /** Connection string that names this file's own database. */
  url(): string;
  /** Runs `work` in one transaction, as production code does, and gives its result. */
  inTransaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
  /** Removes the documents of every collection, keeps indexes: a clean slate between two tests of one file. */
  clear(): Promise<void>;
}

/**
 * Gives a spec file a fresh, randomly named database on the real server, dropped when the file is done.
 * Call it in a `describe` or at the top of a file. No index is built on its own: a spec that needs indexes runs the migrations.
 */
export function useMongo(): MongoHarness {
  let connection: Connection | undefined;
  let url = '';

  beforeAll(async () => {
    const database = `vitrine_test_${randomBytes(8).toString('hex')}`;
    url = withDatabase(testServiceUrl('VITRINE_TEST_MONGO_URL'), database);
    connection = await createConnection(url, {
      autoIndex: false,
      autoCreate: false,
      serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS,
    }).asPromise();
  });

  afterAll(async () => {
    if (connection === undefined) return;
    await connection.dropDatabase();
    await connection.close();
  });

  const open = (): Connection => {
    invariant(connection !== undefined, 'useMongo() hands out its connection only inside tests and hooks');
    return connection;
  };

  return {
    connection: open,
    url: () => (open(), url),
    inTransaction: (work) => open().transaction(work),
    async clear() {
      const collections = await open().listCollections();
      await Promise.all(collections.map(({ name }) => open().collection(name).deleteMany({})));
    },
  };
}
