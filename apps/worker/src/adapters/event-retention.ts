import { FEEDBACK_COLLECTIONS } from '@vitrine/feedback';
import type { Connection } from 'mongoose';

const NAME = 'retention';
const DAY_SECONDS = 86_400;

/** Lets events expire `days` after they were received; a changed setting changes the index in place. */
export async function keepEventsFor(connection: Connection, days: number): Promise<void> {
  const events = connection.collection(FEEDBACK_COLLECTIONS.events);
  const expireAfterSeconds = days * DAY_SECONDS;
  const existing = (await events.indexes()).find((index) => index.name === NAME);
  if (existing === undefined) await events.createIndex({ receivedAt: 1 }, { name: NAME, expireAfterSeconds });
  else if (existing['expireAfterSeconds'] !== expireAfterSeconds) {
    await connection.db?.command({ collMod: FEEDBACK_COLLECTIONS.events, index: { name: NAME, expireAfterSeconds } });
  }
}
