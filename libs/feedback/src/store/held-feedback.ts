import { decisionId } from '@vitrine/kernel';
import type { PersonalSealer } from '@vitrine/platform';
import type { PersonalData } from '@vitrine/profile';
import type { Connection, mongo } from 'mongoose';
import type { EraseEvidence } from '../application/erase-evidence';
import type { HeldEventSealer } from '../application/quarantine.ports';
import { openEventFields } from './event-fields';
import { COLLECTIONS, type EventDoc, type LedgerBatchDoc, type QuarantineDoc, type TrialDoc } from './feedback.documents';

export interface HeldFeedbackDeps {
  readonly connection: Connection;
  /** Opens what the quarantine holds. */
  readonly sealer: HeldEventSealer;
  /** Opens addresses and properties of events. */
  readonly personal: PersonalSealer;
  readonly evidence: Pick<EraseEvidence<unknown>, 'execute'>;
}

/** Where feedback holds data of people, in the order of an erasure: what names decisions only goes before what tells whose they are. */
export function heldFeedback({ connection, sealer, personal, evidence }: HeldFeedbackDeps): readonly PersonalData[] {
  return [heldLedger(connection, evidence), heldTrials(connection), heldQuarantine(connection, sealer), heldEvents(connection, personal)];
}

function heldLedger(connection: Connection, evidence: HeldFeedbackDeps['evidence']): PersonalData {
  return {
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
    erase: async ({ hashes, decisionIds, until }) => {
      const { entries, versions } = await evidence.execute({ hashes, decisionIds: decisionIds.map(decisionId), until });
      return { removed: entries, policies: versions };
    },
  };
}

function heldTrials(connection: Connection): PersonalData {
  const trials = connection.collection<TrialDoc>(COLLECTIONS.trials);
  /** A row that is older than its `decidedAt` was written before it was kept. */
  const ofPerson = (hashes: readonly string[], until: number): mongo.Filter<TrialDoc> => ({
    visitorHash: { $in: [...hashes] },
    $or: [{ decidedAt: { $lte: new Date(until) } }, { decidedAt: null }],
  });
  return {
    name: 'trials',
    read: ({ hashes }) =>
      trials
        .find({ visitorHash: { $in: [...hashes] } })
        .sort({ activatedAt: 1 })
        .toArray(),
    decisionsOf: async ({ hashes }, until) =>
      (await trials.find(ofPerson(hashes, until), { projection: { _id: 1 } }).toArray()).map(({ _id }) => decisionOf(_id)),
    erase: async ({ hashes, decisionIds, until }) => {
      let removed = (await trials.deleteMany(ofPerson(hashes, until))).deletedCount;
      for (const some of inChunks(decisionIds)) removed += (await trials.deleteMany({ $or: some.map(trialsOf) })).deletedCount;
      return { removed };
    },
  };
}

function heldQuarantine(connection: Connection, sealer: HeldEventSealer): PersonalData {
  const quarantine = connection.collection<QuarantineDoc>(COLLECTIONS.quarantine);
  return {
    name: 'quarantine',
    read: async ({ hashes }) => {
      const rows = quarantine.find({ visitorHash: { $in: [...hashes] } });
      return (await rows.sort({ at: 1 }).toArray()).map(({ held, ...row }) => ({
        ...row,
        event: typeof held === 'string' ? (sealer.open(row._id, held)?.event ?? null) : null,
      }));
    },
    erase: async ({ hashes, until }) => {
      const { deletedCount } = await quarantine.deleteMany({ visitorHash: { $in: [...hashes] }, at: { $lte: new Date(until) } });
      return { removed: deletedCount };
    },
  };
}

function heldEvents(connection: Connection, personal: PersonalSealer): PersonalData {
  const events = connection.collection<EventDoc>(COLLECTIONS.events);
  const ofPerson = (hashes: readonly string[], until: number): mongo.Filter<EventDoc> => ({
    visitorHash: { $in: [...hashes] },
    receivedAt: { $lte: new Date(until) },
  });
  return {
    name: 'events',
    read: async ({ hashes }) => {
      const rows = events.find({ visitorHash: { $in: [...hashes] } });
      return (await rows.sort({ occurredAt: 1 }).toArray()).map((row) => {
        const { personal: _sealed, keyId: _key, ...open } = row;
        return { ...open, ...Object(openEventFields(personal, row)) };
      });
    },
    decisionsOf: async ({ hashes }, until) =>
      (await events.distinct('decisionId', { ...ofPerson(hashes, until), decisionId: { $ne: null } })).filter((id) => id !== null),
    erase: async ({ hashes, until }) => ({ removed: (await events.deleteMany(ofPerson(hashes, until))).deletedCount }),
  };
}

const decisionOf = (trialKey: string): string => trialKey.slice(0, trialKey.lastIndexOf(':'));

/** Trials are keyed `<decision>:<slot>`, and a semicolon comes right after a colon. */
const trialsOf = (id: string): mongo.Filter<TrialDoc> => ({ _id: { $gte: `${id}:`, $lt: `${id};` } });

const CONDITIONS = 200;

function* inChunks<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += CONDITIONS) yield all.slice(at, at + CONDITIONS);
}
