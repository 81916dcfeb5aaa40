import { useMongo } from '@vitrine/testing';
import { openEventFields } from './event-fields';
import type { EventDoc } from './feedback.documents';
import { personal } from './feedback.fixture';
import { sealedEventsMigration } from './sealed-events.migration';

const ROWS = 1_250;

describe('events of before sealing', () => {
  const mongo = useMongo();

  it('are sealed once by processes that migrate together, those without an address too', async () => {
    const events = mongo.connection().collection<{ _id: string; url: string | null; properties: object | null }>('events');
    await events.insertMany(
      Array.from({ length: ROWS }, (_, i) => ({
        _id: `e${i}`,
        url: i % 2 === 0 ? `https://shop.example/${i}` : null,
        properties: i % 3 === 0 ? { 'a.b': i } : null,
      })),
    );
    const migration = sealedEventsMigration(personal);
    await Promise.all([migration.up(mongo.connection()), migration.up(mongo.connection())]);
    await migration.up(mongo.connection());

    expect(await events.countDocuments({ $or: [{ url: { $exists: true } }, { properties: { $exists: true } }] })).toBe(0);
    const rows = await mongo.connection().collection<EventDoc>('events').find().toArray();
    expect(rows).toHaveLength(ROWS);
    for (const row of rows) {
      const i = Number(row._id.slice(1));
      expect(openEventFields(personal, row)).toEqual({
        url: i % 2 === 0 ? `https://shop.example/${i}` : null,
        properties: i % 3 === 0 ? { 'a.b': i } : null,
      });
      expect('personal' in row).toBe(i % 2 === 0 || i % 3 === 0);
    }
  });
});
