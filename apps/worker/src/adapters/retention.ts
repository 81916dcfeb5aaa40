import { FEEDBACK_COLLECTIONS } from '@vitrine/feedback';
import type { Config } from '@vitrine/platform';
import { LEARNED_EVENTS_COLLECTION } from '@vitrine/profile';
import type { Connection } from 'mongoose';

/** Rows of a collection expire so many days after the time in a field. */
interface Retention {
  readonly collection: string;
  readonly field: string;
  readonly days: number;
}

export type RetentionSettings = Pick<
  Config,
  'EVENT_RETENTION_DAYS' | 'QUARANTINE_RETENTION_DAYS' | 'TRIAL_RETENTION_DAYS' | 'ROLLUP_RETENTION_DAYS'
>;

const DAY_SECONDS = 86_400;
/** By code, as the driver names them: an index that is there under another name, and one that is not there. */
const [SAME_KEYS, SAME_NAME] = [85, 86];

/** How long each kind of row is kept that a TTL index can remove alone. Decisions carry their own time; profiles and ledger have a job. */
export function retentionsOf(config: RetentionSettings): readonly Retention[] {
  const { events, quarantine, trials, rollups } = FEEDBACK_COLLECTIONS;
  return [
    { collection: events, field: 'receivedAt', days: config.EVENT_RETENTION_DAYS },
    { collection: LEARNED_EVENTS_COLLECTION, field: 'at', days: config.EVENT_RETENTION_DAYS },
    { collection: quarantine, field: 'at', days: config.QUARANTINE_RETENTION_DAYS },
    { collection: trials, field: 'decidedAt', days: config.TRIAL_RETENTION_DAYS },
    { collection: rollups, field: 'minute', days: config.ROLLUP_RETENTION_DAYS },
  ];
}

/** Puts the settings into effect; a changed one changes its index in place. Safe while other workers do the same. */
export async function applyRetention(connection: Connection, config: RetentionSettings): Promise<void> {
  for (const retention of retentionsOf(config)) await keepFor(connection, retention);
}

async function keepFor(connection: Connection, { collection, field, days }: Retention): Promise<void> {
  const rows = connection.collection(collection);
  const expireAfterSeconds = days * DAY_SECONDS;
  const existing = (await rows.indexes()).find(({ key, expireAfterSeconds: after }) => key[field] === 1 && after !== undefined);
  if (existing === undefined) {
    await rows.createIndex({ [field]: 1 }, { name: 'retention', expireAfterSeconds }).catch(ignoreRace);
  } else if (existing['expireAfterSeconds'] !== expireAfterSeconds) {
    await connection.db?.command({ collMod: collection, index: { name: existing.name, expireAfterSeconds } });
  }
}

/** Another worker, with other settings, was first: settings that differ between workers have no right answer. */
function ignoreRace(error: unknown): void {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  if (code !== SAME_KEYS && code !== SAME_NAME) throw error;
}
