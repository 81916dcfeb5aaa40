import { createHash } from 'node:crypto';
import { mongo } from 'mongoose';
import { placementId } from '@vitrine/kernel';
import type { SequencedBatch } from '../application/ledger.ports';
import type { LedgerEntry } from '../domain/types';
import type { LedgerBatchDoc, LedgerEntryDoc } from './feedback.documents';

export function toEntryDoc(entry: LedgerEntry): LedgerEntryDoc {
  return {
    ...entry,
    steps: new mongo.Binary(new Uint8Array(entry.steps.buffer, entry.steps.byteOffset, entry.steps.length)),
    occurredAt: new Date(entry.occurredAt),
    activatedAt: new Date(entry.activatedAt),
  };
}

/** SHA-256 of all that entries say, in order. @param fields what a digest covers: fewer in batches of old */
export function digestOf(entries: readonly LedgerEntry[], fields = fieldsOf): string {
  const hash = createHash('sha256');
  for (const entry of entries) hash.update(JSON.stringify(fields(entry))).update('\n');
  return hash.digest('hex');
}

function fieldsOf(entry: LedgerEntry): readonly unknown[] {
  return [...firstFieldsOf(entry), entry.earnedBefore, entry.activatedAt];
}

function firstFieldsOf(entry: LedgerEntry): readonly unknown[] {
  const steps = Buffer.from(entry.steps.buffer, entry.steps.byteOffset, entry.steps.length).toString('base64');
  const { id, kind, decisionId, slot, bannerId, policyVersionId, propensity, reward, featureSchema, visitorHash, occurredAt, eventId } =
    entry;
  return [
    id,
    kind,
    decisionId,
    slot,
    bannerId,
    policyVersionId,
    propensity,
    reward,
    steps,
    featureSchema,
    visitorHash,
    occurredAt,
    eventId,
  ];
}

export function toSequencedBatch(doc: LedgerBatchDoc): SequencedBatch {
  const entries = doc.entries.map(toEntry);
  return {
    id: doc._id,
    placementId: placementId(doc.placementId),
    foldSeq: doc.foldSeq ?? 0,
    entries,
    createdAt: doc.createdAt.getTime(),
    intact: digestOf(entries, doc.entries.every(isOfOld) ? firstFieldsOf : fieldsOf) === doc.digest,
  };
}

type BatchContent = Pick<LedgerBatchDoc, 'entries' | 'digest'>;

/** What a batch is without some of its entries. */
export function withoutEntries(doc: LedgerBatchDoc, isGone: (entry: LedgerEntryDoc) => boolean): BatchContent {
  return sealed(doc.entries.filter((entry) => !isGone(entry)));
}

/** What a batch is when its entries name nobody. */
export function withoutNames({ entries }: LedgerBatchDoc): BatchContent {
  return sealed(entries.map((entry) => ({ ...entry, visitorHash: null })));
}

/** Entries of old are sealed with the fields they were sealed with. */
function sealed(entries: readonly LedgerEntryDoc[]): BatchContent {
  return { entries, digest: digestOf(entries.map(toEntry), entries.every(isOfOld) ? firstFieldsOf : fieldsOf) };
}

const isOfOld = ({ activatedAt }: LedgerEntryDoc): boolean => activatedAt === undefined;

export function toEntry(doc: LedgerEntryDoc): LedgerEntry {
  const { buffer } = doc.steps;
  return {
    ...doc,
    steps: new Int8Array(buffer.buffer, buffer.byteOffset, doc.steps.length()),
    occurredAt: doc.occurredAt.getTime(),
    activatedAt: (doc.activatedAt ?? doc.occurredAt).getTime(),
    earnedBefore: doc.earnedBefore ?? 0,
  };
}
