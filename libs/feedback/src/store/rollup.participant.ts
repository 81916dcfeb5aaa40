import type { ClientSession, Connection } from 'mongoose';
import type { TransactionParticipant } from '../application/processing.ports';
import type { CleanEvent } from '../domain/clean-event';
import { mergeIncrements, rollupId, rollupIncrementOf, type RollupIncrement } from '../domain/rollup';
import type { ChangeNotice } from '../domain/types';
import { COLLECTIONS, type RollupDoc } from './feedback.documents';

/** Counts clean events into `rollups`, in the transaction that stores them. */
export class RollupParticipant implements TransactionParticipant<ClientSession> {
  constructor(private readonly connection: Connection) {}

  async apply(session: ClientSession, clean: readonly CleanEvent[]): Promise<readonly ChangeNotice[]> {
    const increments = clean.map(rollupIncrementOf).filter((increment) => increment !== null);
    await addToRollups(this.connection, increments, session);
    return [];
  }
}

/** Adds to the counters. Without a session each row is its own write. */
export async function addToRollups(connection: Connection, increments: readonly RollupIncrement[], session?: ClientSession): Promise<void> {
  const merged = mergeIncrements(increments);
  if (merged.length === 0) return;
  const upserts = merged.map(({ key, counters }) => {
    const { minute, ...rest } = key;
    return {
      updateOne: {
        filter: { _id: rollupId(key) },
        update: { $setOnInsert: { ...rest, minute: new Date(minute) }, $inc: counters },
        upsert: true,
      },
    };
  });
  await connection
    .collection<RollupDoc>(COLLECTIONS.rollups)
    .bulkWrite(upserts, { ordered: false, ...(session === undefined ? {} : { session }) });
}
