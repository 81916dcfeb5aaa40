import type { Clock } from '@vitrine/kernel';
import type { Connection } from 'mongoose';
import { COLLECTIONS, type LedgerBatchDoc } from './feedback.documents';
import { withoutNames } from './ledger.mapper';

export interface ForgetLedgerNamesDeps {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly keptDays: number;
}

const DAY_MS = 86_400_000;
const BATCH = 500;

/** Lets old ledger entries name nobody: what was learned from them stays, and cannot be traced to anybody any more. */
export class ForgetLedgerNames {
  constructor(private readonly deps: ForgetLedgerNamesDeps) {}

  /** @returns batches that lost names, at most so many a call: ask again while there are any */
  async execute(): Promise<number> {
    const { connection, clock, keptDays } = this.deps;
    const batches = connection.collection<LedgerBatchDoc>(COLLECTIONS.ledgerBatches);
    const before = new Date(clock.now() - keptDays * DAY_MS);
    const rows = await batches
      .find({ 'entries.visitorHash': { $gt: '' }, createdAt: { $lt: before } })
      .limit(BATCH)
      .toArray();
    if (rows.length === 0) return 0;
    // By digest: an erasure that was faster has changed it, and is not undone.
    const updates = rows.map((row) => ({
      updateOne: { filter: { _id: row._id, digest: row.digest }, update: { $set: withoutNames(row) } },
    }));
    return (await batches.bulkWrite(updates, { ordered: false })).modifiedCount;
  }
}
