import type { DecisionId } from '@vitrine/kernel';
import type { Connection, mongo } from 'mongoose';
import type { DecisionRepository } from '../application/ports';
import type { DecisionRecord } from '../domain/types';
import { parseDecisionRow, toDecisionRow, type DecisionDocument } from './decision.document';

export const DECISIONS = 'decisions';
const DAY_MS = 86_400_000;
const DUPLICATE_KEY = 11_000;

/** Decisions in Mongo: written once, never changed. */
export class MongoDecisionRepository implements DecisionRepository {
  constructor(
    private readonly connection: Connection,
    private readonly retentionDays: number,
  ) {}

  async find(id: DecisionId): Promise<DecisionRecord | null> {
    const document = await this.collection().findOne({ _id: id });
    if (document === null) return null;
    const { _id, decidedAt, visitorHash, expiresAt: _expiresAt, ...rest } = document;
    return parseDecisionRow({ ...rest, id: _id, decidedAt: decidedAt.getTime(), visitorHash: visitorHash ?? null });
  }

  /** Writes what is not there yet; the first writing of an id stands. @returns how many were new */
  async insert(records: readonly DecisionRecord[]): Promise<number> {
    if (records.length === 0) return 0;
    const documents = records.map((record) => toDocument(record, this.retentionDays));
    try {
      return (await this.collection().insertMany(documents, { ordered: false })).insertedCount;
    } catch (error) {
      if (!onlyDuplicates(error)) throw error;
      return error.insertedCount;
    }
  }

  private collection(): mongo.Collection<DecisionDocument> {
    return this.connection.collection<DecisionDocument>(DECISIONS);
  }
}

function toDocument(record: DecisionRecord, retentionDays: number): DecisionDocument {
  const { id, decidedAt, visitorHash, ...rest } = toDecisionRow(record);
  return {
    _id: id,
    decidedAt: new Date(decidedAt),
    expiresAt: new Date(decidedAt + retentionDays * DAY_MS),
    ...rest,
    ...(visitorHash === null ? {} : { visitorHash }),
  };
}

interface DuplicatesOnly {
  readonly insertedCount: number;
}

function onlyDuplicates(error: unknown): error is DuplicatesOnly {
  if (typeof error !== 'object' || error === null || !('writeErrors' in error) || !('insertedCount' in error)) return false;
  const faults: readonly unknown[] = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  return (
    faults.length > 0 &&
    faults.every((fault) => typeof fault === 'object' && fault !== null && 'code' in fault && fault.code === DUPLICATE_KEY)
  );
}
