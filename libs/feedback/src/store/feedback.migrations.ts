import type { Migration } from '@vitrine/platform';
import type { Connection } from 'mongoose';
import { COLLECTIONS } from './feedback.documents';

const QUARANTINE_SECONDS = 30 * 86_400;

/** Collections exist before the first transaction needs them: creating one inside a transaction conflicts with its neighbours. */
async function createCollections(connection: Connection): Promise<void> {
  const existing = new Set((await connection.listCollections()).map(({ name }) => name));
  for (const name of Object.values(COLLECTIONS)) {
    if (!existing.has(name)) await connection.createCollection(name).catch(ignore('NamespaceExists'));
  }
}

/** Processes that start together migrate together: what another has just done is done. */
function ignore(codeName: string): (error: unknown) => void {
  return (error) => {
    const found = typeof error === 'object' && error !== null && 'codeName' in error ? error.codeName : null;
    if (found !== codeName) throw error;
  };
}

async function createIndexes(connection: Connection): Promise<void> {
  const withVisitor = { partialFilterExpression: { visitorHash: { $type: 'string' } } };
  // `$gt`, not `$type`: the planner takes a partial index only for ranges that its own filter implies.
  const numbered = { partialFilterExpression: { foldSeq: { $gt: 0 } }, unique: true };
  await connection.collection(COLLECTIONS.events).createIndex({ visitorHash: 1 }, withVisitor);
  await connection.collection(COLLECTIONS.trials).createIndex({ visitorHash: 1 }, withVisitor);
  await connection.collection(COLLECTIONS.quarantine).createIndex({ at: 1 }, { expireAfterSeconds: QUARANTINE_SECONDS });
  await connection.collection(COLLECTIONS.quarantine).createIndex({ eventId: 1 });
  await connection.collection(COLLECTIONS.ledgerBatches).createIndex({ placementId: 1, foldSeq: 1 }, numbered);
  // Holds only what waits for its number: stays small however long the ledger grows.
  await connection
    .collection(COLLECTIONS.ledgerBatches)
    .createIndex({ foldSeq: 1, placementId: 1, _id: 1 }, { partialFilterExpression: { foldSeq: null } });
  await connection.collection(COLLECTIONS.policyArms).createIndex({ versionId: 1, revision: 1 });
  await connection.collection(COLLECTIONS.foldLog).createIndex({ versionId: 1, revision: 1 });
  await connection.collection(COLLECTIONS.rollups).createIndex({ placementId: 1, minute: 1 });
}

async function createCleaning(connection: Connection): Promise<void> {
  await createCollections(connection);
  const quarantine = connection.collection(COLLECTIONS.quarantine);
  await quarantine.createIndex({ at: -1, _id: -1 });
  await quarantine.createIndex({ rule: 1, at: -1, _id: -1 });
  await quarantine.createIndex({ visitorHash: 1 }, { partialFilterExpression: { visitorHash: { $type: 'string' } } });
}

/**
 * Rows by person: what somebody may see, and what an erasure has to find. Indexes of texts by `$type` were never taken by the planner, which
 * asks that a query's own range imply the filter: they give way to such by `$gt`.
 */
async function createPersonIndexes(connection: Connection): Promise<void> {
  const places = [
    [COLLECTIONS.events, 'visitorHash'],
    [COLLECTIONS.trials, 'visitorHash'],
    [COLLECTIONS.quarantine, 'visitorHash'],
    [COLLECTIONS.ledgerBatches, 'entries.visitorHash'],
  ] as const;
  for (const [name, path] of places) {
    const collection = connection.collection(name);
    await collection.createIndex({ [path]: 1 }, { name: 'person', partialFilterExpression: { [path]: { $gt: '' } } });
    await collection.dropIndex(`${path}_1`).catch(ignore('IndexNotFound')); // never there, or another process was first
  }
}

/** An erasure finds whole trials by their decisions: rows of one trial may name the person or not. */
async function createErasure(connection: Connection): Promise<void> {
  await createCollections(connection);
  await connection.collection(COLLECTIONS.policyBases).createIndex({ versionId: 1 });
  await connection.collection(COLLECTIONS.ledgerBatches).createIndex({ 'entries.decisionId': 1 });
  // By age among those that still name somebody: what retention looks for.
  await connection
    .collection(COLLECTIONS.ledgerBatches)
    .createIndex({ createdAt: 1 }, { name: 'named_age', partialFilterExpression: { 'entries.visitorHash': { $gt: '' } } });
}

/** What somebody did, newest first. The type is in the index, so that a list of some types reads no row of another. */
export const TIMELINE_INDEX = 'timeline';

async function createTimeline(connection: Connection): Promise<void> {
  const events = connection.collection(COLLECTIONS.events);
  await events.createIndex(
    { visitorHash: 1, occurredAt: -1, _id: -1, type: 1 },
    { name: TIMELINE_INDEX, partialFilterExpression: { visitorHash: { $gt: '' } } },
  );
  await events.dropIndex('person').catch(ignore('IndexNotFound')); // this one begins as that did: it finds the rows of a person as well
}

export const feedbackMigrations: readonly Migration[] = [
  { id: 'feedback-0001-collections', up: createCollections },
  { id: 'feedback-0002-indexes', up: createIndexes },
  { id: 'feedback-0003-priors', up: createCollections },
  { id: 'feedback-0004-cleaning', up: createCleaning },
  { id: 'feedback-0005-persons', up: createPersonIndexes },
  { id: 'feedback-0006-timeline', up: createTimeline },
  { id: 'feedback-0007-erasure', up: createErasure },
];
