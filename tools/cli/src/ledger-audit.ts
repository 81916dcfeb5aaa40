import { MongoCatalogReader } from '@vitrine/catalog';
import {
  LedgerRebuilder,
  LedgerVerifier,
  MongoLedgerStore,
  MongoPolicyStateStore,
  MongoUnitOfWork,
  type PolicyCatalog,
} from '@vitrine/feedback';
import { parsePolicyVersionId, policyVersionId, systemClock, type PolicyVersionId } from '@vitrine/kernel';
import { connectMongo, createAnnouncer, createLogger, createRedis, newUuid } from '@vitrine/platform';
import { startStack } from '@vitrine/stack';
import type { CliContext } from './cli-context';

/** What the ledger commands work with, over the databases of the context. */
export interface LedgerAudit {
  readonly rebuilder: LedgerRebuilder;
  readonly verifier: LedgerVerifier;
  /** Every policy version of every placement. */
  listVersions(): Promise<readonly PolicyVersionId[]>;
}

/**
 * Opens the databases for one command: those of the environment, the running ones, or the embedded ones started for as long as it takes.
 *
 * @throws DomainError STACK_BINARY_MISSING, STACK_START_FAILED, DEPENDENCY_UNAVAILABLE
 */
export async function withLedger<T>({ dataDir, env, say }: CliContext, work: (audit: LedgerAudit) => Promise<T>): Promise<T> {
  const stack = await startStack({ dataDir, log: say, env });
  const logger = createLogger({ name: 'vitrine-ledger', level: 'warn', toStderr: true });
  const redis = createRedis(stack.redisUrl, 'cache', logger);
  try {
    await redis.connect();
    const connection = await connectMongo({ url: stack.mongoUrl, name: 'vitrine-ledger', deadlineMs: 10_000, logger });
    try {
      const reader = new MongoCatalogReader(connection);
      const unitOfWork = new MongoUnitOfWork(connection);
      const ledger = new MongoLedgerStore({ connection, unitOfWork, newId: newUuid });
      const states = new MongoPolicyStateStore({ connection, unitOfWork });
      const policies = policyCatalog(reader);
      const rebuilder = new LedgerRebuilder({ ledger, states, policies, announce: createAnnouncer(redis), clock: systemClock });
      return await work({
        rebuilder,
        verifier: new LedgerVerifier({ rebuilder, ledger, states }),
        listVersions: () => listVersions(reader),
      });
    } finally {
      await connection.close();
    }
  } finally {
    redis.disconnect();
    await stack.stop();
  }
}

function policyCatalog(reader: Pick<MongoCatalogReader, 'listPolicies'>): PolicyCatalog {
  const versionsToFold: PolicyCatalog['versionsToFold'] = async (placementId) => (await reader.listPolicies(placementId)).versions;
  return {
    versionsToFold,
    findVersion: async (id) => (await versionsToFold(parsePolicyVersionId(id).placementId)).find((version) => version.id === id) ?? null,
  };
}

async function listVersions(reader: Pick<MongoCatalogReader, 'listPlacements' | 'listPolicies'>): Promise<readonly PolicyVersionId[]> {
  const placements = await reader.listPlacements();
  const listings = await Promise.all(placements.map(({ value }) => reader.listPolicies(value.id)));
  return listings.flatMap(({ versions }) => versions.map(({ placementId, number }) => policyVersionId(placementId, number)));
}
