import type { ClientSession, Connection } from 'mongoose';
import { invariant, placementId as toPlacementId, type PlacementId } from '@vitrine/kernel';
import type { LedgerReader, LedgerSequencer, SequencedBatch } from '../application/ledger.ports';
import type { LedgerAppender, UnitOfWork } from '../application/processing.ports';
import type { LedgerBatch } from '../domain/types';
import { COLLECTIONS, type LedgerBatchDoc, type LedgerHeadDoc } from './feedback.documents';
import { digestOf, toEntryDoc, toSequencedBatch } from './ledger.mapper';

export interface MongoLedgerOptions {
  readonly connection: Connection;
  readonly unitOfWork: UnitOfWork<ClientSession>;
  /** Time-ordered unique ids (UUID version 7). */
  readonly newId: () => string;
}

const BATCHES_PER_SEQUENCING = 500;

/** The append-only ledger: batches, and the numbers that put them in order. */
export class MongoLedgerStore implements LedgerAppender<ClientSession>, LedgerSequencer, LedgerReader {
  constructor(private readonly options: MongoLedgerOptions) {}

  async append(session: ClientSession, batches: readonly Omit<LedgerBatch, 'id' | 'foldSeq'>[]): Promise<void> {
    const docs = batches.map(({ placementId, entries, createdAt }): LedgerBatchDoc => ({
      _id: this.options.newId(),
      placementId,
      foldSeq: null,
      createdAt: new Date(createdAt),
      entries: entries.map(toEntryDoc),
      digest: digestOf(entries),
    }));
    await this.batches().insertMany(docs, { session });
  }

  async sequence(placementId: PlacementId): Promise<number> {
    while ((await this.options.unitOfWork.run((session) => this.sequenceSome(session, placementId))) === BATCHES_PER_SEQUENCING);
    return this.last(placementId);
  }

  /**
   * Numbers are given to batches that are committed, by a transaction that moves the placement's head: two sequencers conflict on the
   * head, and a batch that commits late, whatever its id, gets a later number. Writers never number anything.
   */
  private async sequenceSome(session: ClientSession, placementId: PlacementId): Promise<number> {
    const found = await this.batches()
      .find({ placementId, foldSeq: null }, { projection: { _id: 1 }, session })
      .sort({ _id: 1 })
      .limit(BATCHES_PER_SEQUENCING)
      .toArray();
    if (found.length === 0) return 0;
    const head = await this.heads().findOneAndUpdate(
      { _id: placementId },
      { $inc: { last: found.length } },
      { session, upsert: true, returnDocument: 'after' },
    );
    invariant(head !== null, 'an upsert returns its document');
    const first = head.last - found.length + 1;
    const numbered = found.map(({ _id }, i) => ({
      updateOne: { filter: { _id, foldSeq: null }, update: { $set: { foldSeq: first + i } } },
    }));
    const { modifiedCount } = await this.batches().bulkWrite(numbered, { session });
    invariant(modifiedCount === found.length, 'a batch is numbered once');
    return found.length;
  }

  async read(
    placementId: PlacementId,
    { after, upTo, limit }: { readonly after: number; readonly upTo: number; readonly limit: number },
  ): Promise<readonly SequencedBatch[]> {
    const docs = await this.batches()
      .find({ placementId, foldSeq: { $gt: after, $lte: upTo } }, { readConcern: { level: 'majority' } })
      .sort({ foldSeq: 1 })
      .limit(limit)
      .toArray();
    return docs.map(toSequencedBatch);
  }

  async last(placementId: PlacementId): Promise<number> {
    return (await this.heads().findOne({ _id: placementId }, { readConcern: { level: 'majority' } }))?.last ?? 0;
  }

  async listLast(): Promise<ReadonlyMap<PlacementId, number>> {
    const docs = await this.heads().find({}).toArray();
    return new Map(docs.map(({ _id, last }) => [toPlacementId(_id), last]));
  }

  async listUnsequenced(): Promise<readonly PlacementId[]> {
    return (await this.batches().distinct('placementId', { foldSeq: null })).map(toPlacementId);
  }

  private batches() {
    return this.options.connection.collection<LedgerBatchDoc>(COLLECTIONS.ledgerBatches);
  }

  private heads() {
    return this.options.connection.collection<LedgerHeadDoc>(COLLECTIONS.ledgerHeads);
  }
}
