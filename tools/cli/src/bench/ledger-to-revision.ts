import {
  benchLedgerEntries,
  feedbackMigrations,
  FoldPlacement,
  LedgerRebuilder,
  MongoLedgerStore,
  MongoPolicyStateStore,
  MongoUnitOfWork,
  type FoldVersion,
  type PolicyCatalog,
} from '@vitrine/feedback';
import { placementId, policyVersionId, systemClock } from '@vitrine/kernel';
import { connectMongo, createLogger, newUuid, runMigrations } from '@vitrine/platform';
import { startEphemeralStack } from '@vitrine/stack';
import type { Connection } from 'mongoose';
import { performance } from 'node:perf_hooks';
import type { CliContext } from '../cli-context';

export interface LedgerToRevision {
  readonly entries: number;
  readonly batches: number;
  readonly revisions: number;
  readonly entriesPerSecond: number;
}

/** About what a feedback transaction appends for one placement. */
const ENTRIES_PER_BATCH = 100;
const BATCHES_PER_APPEND = 50;
const PLACEMENT = placementId('home');
const VERSION: FoldVersion = {
  id: policyVersionId(PLACEMENT, 1),
  placementId: PLACEMENT,
  policy: { name: 'auto', params: {}, floor: 0 },
  dimension: 32,
  featureSchema: 1,
};
const POLICIES: PolicyCatalog = { versionsToFold: () => Promise.resolve([VERSION]), findVersion: () => Promise.resolve(VERSION) };

/**
 * Entries per second from unnumbered batches in a real MongoDB to committed policy state: numbering, reading, folding 50 banners with 32
 * dimensions, and one transaction per step. Writing the ledger is not in the time.
 */
export async function measureLedgerToRevision({ env, say, signal }: CliContext, entries: number): Promise<LedgerToRevision> {
  const stack = await startEphemeralStack({ log: say, env, signal });
  const logger = createLogger({ name: 'vitrine-bench', level: 'warn', toStderr: true });
  try {
    const connection = await connectMongo({ url: stack.mongoUrl, name: 'vitrine-bench', deadlineMs: 10_000, logger });
    try {
      await runMigrations(connection, feedbackMigrations);
      return await foldAll(connection, entries);
    } finally {
      await connection.close();
    }
  } finally {
    await stack.stop();
  }
}

async function foldAll(connection: Connection, entries: number): Promise<LedgerToRevision> {
  const unitOfWork = new MongoUnitOfWork(connection);
  const ledger = new MongoLedgerStore({ connection, unitOfWork, newId: newUuid });
  const states = new MongoPolicyStateStore({ connection, unitOfWork });
  const shared = { ledger, states, policies: POLICIES, announce: () => undefined, clock: systemClock };
  const fold = new FoldPlacement({ ...shared, sequencer: ledger, rebuilder: new LedgerRebuilder(shared) });
  const batches = Math.ceil(entries / ENTRIES_PER_BATCH);
  const some = benchLedgerEntries(ENTRIES_PER_BATCH);
  for (let written = 0; written < batches; written += BATCHES_PER_APPEND) {
    const count = Math.min(BATCHES_PER_APPEND, batches - written);
    const appended = Array.from({ length: count }, () => ({ placementId: PLACEMENT, entries: some, createdAt: 0 }));
    await unitOfWork.run((session) => ledger.append(session, appended));
  }
  const start = performance.now();
  while (!(await fold.execute(PLACEMENT)).caughtUp);
  const seconds = (performance.now() - start) / 1_000;
  const { revision } = await states.head(VERSION.id);
  const folded = batches * ENTRIES_PER_BATCH;
  return { entries: folded, batches, revisions: revision, entriesPerSecond: folded / seconds };
}
