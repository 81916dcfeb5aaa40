import { FEEDBACK_COLLECTIONS } from '@vitrine/feedback';
import { useMongo } from '@vitrine/testing';
import { applyRetention, retentionsOf } from './retention';

const SETTINGS = { EVENT_RETENTION_DAYS: 40, QUARANTINE_RETENTION_DAYS: 7, TRIAL_RETENTION_DAYS: 120, ROLLUP_RETENTION_DAYS: 500 };
const DAY_SECONDS = 86_400;

describe('how long rows are kept', () => {
  const mongo = useMongo();
  const kept = async (collection: string, field: string) => {
    const indexes = await mongo.connection().collection(collection).indexes();
    return indexes.filter(({ key }) => key[field] === 1).map((index) => Number(index['expireAfterSeconds']) / DAY_SECONDS);
  };

  it('follows the settings, by one index a kind, also when they change and when workers start together', async () => {
    // Indexes of before, which had no setting.
    await mongo
      .connection()
      .collection(FEEDBACK_COLLECTIONS.quarantine)
      .createIndex({ at: 1 }, { expireAfterSeconds: 30 * DAY_SECONDS });
    await Promise.all([applyRetention(mongo.connection(), SETTINGS), applyRetention(mongo.connection(), SETTINGS)]);
    for (const { collection, field, days } of retentionsOf(SETTINGS))
      expect([collection, await kept(collection, field)]).toEqual([collection, [days]]);
    await applyRetention(mongo.connection(), { ...SETTINGS, EVENT_RETENTION_DAYS: 60 });
    expect(await kept(FEEDBACK_COLLECTIONS.events, 'receivedAt')).toEqual([60]);
  });
});
