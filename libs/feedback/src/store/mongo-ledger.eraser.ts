import type { ClientSession, Connection } from 'mongoose';
import { placementId as toPlacementId, type PlacementId } from '@vitrine/kernel';
import type { ErasableLedger, ErasedPerson, TakenEntry } from '../application/erasure.ports';
import { COLLECTIONS, type LedgerBatchDoc, type LedgerEntryDoc } from './feedback.documents';
import { toEntry, withoutEntries } from './ledger.mapper';

/** Takes a person's trials out of `ledger_batches`. Batches stay, if need be empty, so that their numbers keep following each other. */
export class MongoLedgerEraser implements ErasableLedger<ClientSession> {
  constructor(private readonly connection: Connection) {}

  async placementsOf(person: ErasedPerson): Promise<readonly PlacementId[]> {
    const decisionIds = await this.decisionsIn(person);
    return (await this.batches().distinct('placementId', { 'entries.decisionId': { $in: [...decisionIds] } })).map(toPlacementId);
  }

  async takeOut(session: ClientSession, placementId: PlacementId, person: ErasedPerson): Promise<readonly TakenEntry[]> {
    const decisionIds = await this.decisionsIn(person, session);
    const isGone = ({ decisionId }: LedgerEntryDoc): boolean => decisionIds.has(decisionId);
    const docs = await this.batches()
      .find({ placementId, 'entries.decisionId': { $in: [...decisionIds] } }, { session })
      .toArray();
    if (docs.length === 0) return [];
    await this.batches().bulkWrite(
      docs.map((doc) => {
        const left = withoutEntries(doc, isGone);
        return {
          updateOne: { filter: { _id: doc._id }, update: { $set: left, $inc: { erased: doc.entries.length - left.entries.length } } },
        };
      }),
      { session },
    );
    return docs.toSorted(inLedgerOrder).flatMap((doc) => doc.entries.filter(isGone).map((row) => taken(doc, row)));
  }

  /** Those that are known to be the person's, and those of entries that name the person: the whole trial goes, whatever its rows say. */
  private async decisionsIn({ hashes, decisionIds, until }: ErasedPerson, session?: ClientSession): Promise<ReadonlySet<string>> {
    const named = await this.batches()
      .find({ 'entries.visitorHash': { $in: [...hashes] } }, { projection: { entries: 1 }, ...(session === undefined ? {} : { session }) })
      .toArray();
    const own = new Set<string>(hashes);
    const found = new Set<string>(decisionIds);
    for (const { entries } of named) {
      for (const { visitorHash, decisionId, activatedAt, occurredAt } of entries) {
        if (visitorHash !== null && own.has(visitorHash) && (activatedAt ?? occurredAt).getTime() <= until) found.add(decisionId);
      }
    }
    return found;
  }

  private batches() {
    return this.connection.collection<LedgerBatchDoc>(COLLECTIONS.ledgerBatches);
  }
}

const taken = ({ foldSeq }: LedgerBatchDoc, row: LedgerEntryDoc): TakenEntry => ({ foldSeq, entry: toEntry(row) });

function inLedgerOrder(a: LedgerBatchDoc, b: LedgerBatchDoc): number {
  return (a.foldSeq ?? Infinity) - (b.foldSeq ?? Infinity);
}
