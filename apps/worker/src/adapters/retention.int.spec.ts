import { FEEDBACK_COLLECTIONS, feedbackMigrations } from '@vitrine/feedback';
import { runMigrations } from '@vitrine/platform';
import { profileMigrations } from '@vitrine/profile';
import { useMongo } from '@vitrine/testing';
import { applyRetention, retentionsOf } from './retention';

const SETTINGS = { EVENT_RETENTION_DAYS: 40, QUARANTINE_RETENTION_DAYS: 7, TRIAL_RETENTION_DAYS: 120, ROLLUP_RETENTION_DAYS: 500 };
const DAY_SECONDS = 86_400;

describe('how long rows are kept', () => {
  const mongo = useMongo();
  const kept = async (collection: string, field: string) => {
    const indexes = await mongo.connection().collection(collection).indexes();
    return indexes
      .filter((index) => index.key[field] === 1 && index['expireAfterSeconds'] !== undefined)
      .map((index) => Number(index['expireAfterSeconds']) / DAY_SECONDS);
  };

  it('follows the settings, by one index a kind, also when they change and when workers start together', async () => {
    await runMigrations(mongo.connection(), [...feedbackMigrations, ...profileMigrations]);
    await Promise.all([applyRetention(mongo.connection(), SETTINGS), applyRetention(mongo.connection(), SETTINGS)]);
    for (const { collection, field, days } of retentionsOf(SETTINGS))
      expect([collection, await kept(collection, field)]).toEqual([collection, [days]]);
    await applyRetention(mongo.connection(), { ...SETTINGS, EVENT_RETENTION_DAYS: 60 });
    expect(await kept(FEEDBACK_COLLECTIONS.events, 'receivedAt')).toEqual([60]);
  });
});
