import type { Connection } from 'mongoose';
import type { CouponObserver } from './coupon-observer';

interface FoldRow {
  readonly versionId: string;
  readonly revision: number;
  readonly cursor: number;
  readonly entries: number;
}
interface BatchRow {
  readonly placementId: string;
  readonly foldSeq: number | null;
  readonly entries: readonly { readonly eventId: string }[];
}

const CHUNK = 1_000;

/** Reads the collections that feedback writes, for one policy version. */
export class MongoCouponObserver implements CouponObserver {
  constructor(
    private readonly connection: Connection,
    private readonly placementId: string,
    private readonly versionId: string,
  ) {}

  async foldsSince(revision: number): Promise<readonly { readonly revision: number; readonly entries: number }[]> {
    const rows = await this.connection
      .collection<FoldRow>('fold_log')
      .find({ versionId: this.versionId, revision: { $gt: revision } }, { projection: { _id: 0, revision: 1, entries: 1 } })
      .sort({ revision: 1 })
      .toArray();
    return rows.map((row) => ({ revision: row.revision, entries: row.entries }));
  }

  async containingRevisions(eventIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const wanted = new Set(eventIds);
    const folds = await this.connection.collection<FoldRow>('fold_log').find({ versionId: this.versionId }).sort({ revision: 1 }).toArray();
    const found = new Map<string, number>();
    const batches = this.connection
      .collection<BatchRow>('ledger_batches')
      .find({ placementId: this.placementId, foldSeq: { $ne: null } }, { projection: { foldSeq: 1, 'entries.eventId': 1 } })
      .sort({ foldSeq: 1 });
    let at = 0;
    for await (const { foldSeq, entries } of batches) {
      if (foldSeq === null) continue;
      while (at < folds.length && (folds[at]?.cursor ?? 0) < foldSeq) at += 1;
      const revision = folds[at]?.revision;
      if (revision === undefined) break;
      for (const { eventId } of entries) if (wanted.has(eventId) && !found.has(eventId)) found.set(eventId, revision);
    }
    return found;
  }

  async countEvents(eventIds: readonly string[]): Promise<number> {
    const events = this.connection.collection<{ _id: string }>('events');
    let count = 0;
    for (let start = 0; start < eventIds.length; start += CHUNK) {
      count += await events.countDocuments({ _id: { $in: eventIds.slice(start, start + CHUNK) } });
    }
    return count;
  }

  async countQuarantined(): Promise<number> {
    return this.connection.collection('quarantine').countDocuments({});
  }
}
