import type { PersonalData } from '@vitrine/profile';
import type { Connection } from 'mongoose';
import type { HeldEventSealer } from '../application/quarantine.ports';
import { COLLECTIONS, type EventDoc, type LedgerBatchDoc, type QuarantineDoc, type TrialDoc } from './feedback.documents';

/** Where feedback holds data of people: events, quarantine, trials, ledger. */
export function heldFeedback(connection: Connection, sealer: HeldEventSealer): readonly PersonalData[] {
  return [
    {
      name: 'events',
      read: ({ hashes }) =>
        connection
          .collection<EventDoc>(COLLECTIONS.events)
          .find({ visitorHash: { $in: [...hashes] } })
          .sort({ occurredAt: 1 })
          .toArray(),
    },
    {
      name: 'quarantine',
      read: async ({ hashes }) => {
        const rows = connection.collection<QuarantineDoc>(COLLECTIONS.quarantine).find({ visitorHash: { $in: [...hashes] } });
        return (await rows.sort({ at: 1 }).toArray()).map(({ held, ...row }) => ({
          ...row,
          event: typeof held === 'string' ? (sealer.open(row._id, held)?.event ?? null) : null,
        }));
      },
    },
    {
      name: 'trials',
      read: ({ hashes }) =>
        connection
          .collection<TrialDoc>(COLLECTIONS.trials)
          .find({ visitorHash: { $in: [...hashes] } })
          .sort({ activatedAt: 1 })
          .toArray(),
    },
    {
      name: 'ledger',
      read: async ({ hashes }) => {
        const own = new Set<string>(hashes);
        const batches = connection
          .collection<LedgerBatchDoc>(COLLECTIONS.ledgerBatches)
          .find({ 'entries.visitorHash': { $in: [...hashes] } });
        return (await batches.sort({ createdAt: 1 }).toArray()).flatMap(({ placementId, entries }) =>
          entries
            .filter(({ visitorHash }) => visitorHash !== null && own.has(visitorHash))
            .map(({ steps, ...entry }) => ({ ...entry, placementId, steps: Array.from(new Int8Array(steps.value())) })),
        );
      },
    },
  ];
}
