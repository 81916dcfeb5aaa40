import type { Migration, PersonalSealer } from '@vitrine/platform';
import { sealEventFields, type EventFields } from './event-fields';
import { COLLECTIONS } from './feedback.documents';

interface OpenRow extends EventFields {
  readonly _id: string;
}

const BATCH = 1_000;

/** Seals addresses and properties of events. Walks once in id order, so that it costs one pass however many events there are. */
export function sealedEventsMigration(sealer: PersonalSealer): Migration {
  return {
    id: 'feedback-0006-sealed-events',
    async up(connection) {
      const events = connection.collection<OpenRow>(COLLECTIONS.events);
      await events.createIndex({ keyId: 1 }, { name: 'key', sparse: true });
      const projection = { url: 1, properties: 1 };
      for (let after = '', more = true; more;) {
        const rows: readonly OpenRow[] = await events
          .find({ _id: { $gt: after } }, { projection, sort: { _id: 1 }, limit: BATCH })
          .toArray();
        const open = rows.filter((row) => 'url' in row || 'properties' in row);
        if (open.length > 0)
          await events.bulkWrite(
            open.map((row) => sealed(row, sealer)),
            { ordered: false },
          );
        more = rows.length === BATCH;
        after = rows.at(-1)?._id ?? after;
      }
    },
  };
}

/** The filter lets one of two processes that migrate together win. */
function sealed({ _id, url, properties }: OpenRow, sealer: PersonalSealer) {
  const blob = sealEventFields(sealer, _id, { url: url ?? null, properties: properties ?? null });
  const update = { $set: blob, $unset: { url: '', properties: '' } } as const;
  return { updateOne: { filter: { _id, $or: [{ url: { $exists: true } }, { properties: { $exists: true } }] }, update } };
}
