import { SEGMENT_FEATURE_NAMES } from '@vitrine/profile';
import type { Connection } from 'mongoose';

interface Chunk {
  readonly runId: string;
  readonly stream: string;
  readonly values: Buffer;
}

const ROW_BYTES = SEGMENT_FEATURE_NAMES.length * Float64Array.BYTES_PER_ELEMENT;

/**
 * Counts the rows that a training writes from now on, from the history of the database: the rows themselves go when the training ends.
 *
 * @returns of one run that has ended, how many rows were ever written for it
 */
export async function rowsExtractedSince(connection: Connection): Promise<(runId: string) => Promise<number>> {
  const { operationTime: startAtOperationTime } = await databaseOf(connection).command({ ping: 1 });
  return async (runId) => {
    const options = { startAtOperationTime, promoteBuffers: true };
    const changes = databaseOf(connection).collection<Chunk>('training_rows').watch<Chunk & { _id: string }>([], options);
    const alive = new Set<string>();
    let rows = 0;
    try {
      do {
        const change = await changes.next();
        if (change.operationType === 'delete') alive.delete(String(change.documentKey._id));
        if (change.operationType !== 'insert' || change.fullDocument.runId !== runId) continue;
        alive.add(change.fullDocument._id);
        if (change.fullDocument.stream === 'FEATURES') rows += change.fullDocument.values.byteLength / ROW_BYTES;
      } while (rows === 0 || alive.size > 0);
      return rows;
    } finally {
      await changes.close();
    }
  };
}

function databaseOf({ db }: Connection) {
  if (db === undefined) throw new TypeError('the connection is not open');
  return db;
}
