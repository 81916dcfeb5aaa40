import { payloadsOf, QUEUES, rewriteJobs } from '@vitrine/platform';
import type { PersonalData } from '@vitrine/profile';
import type { Redis } from 'ioredis';
import type { Connection, mongo } from 'mongoose';
import { decisionChunkSchema, type DecisionChunk, type DecisionDocument, type DecisionRow } from './decision.document';
import { DECISIONS } from './mongo-decision.repository';

/** Where delivery holds data of people: the decision log. */
export function heldDecisions(connection: Connection): PersonalData {
  const decisions = connection.collection<DecisionDocument>(DECISIONS);
  const ofPerson = (hashes: readonly string[], until: number): mongo.Filter<DecisionDocument> => ({
    visitorHash: { $in: [...hashes] },
    decidedAt: { $lte: new Date(until) },
  });
  return {
    name: 'decisions',
    read: ({ hashes }) =>
      decisions
        .find({ visitorHash: { $in: [...hashes] } })
        .sort({ decidedAt: 1 })
        .toArray(),
    decisionsOf: async ({ hashes }, until) =>
      (await decisions.find(ofPerson(hashes, until), { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id),
    erase: async ({ hashes, until }) => ({ removed: (await decisions.deleteMany(ofPerson(hashes, until))).deletedCount }),
  };
}

/** Decision records on their way to the log. */
export function queuedDecisions(redis: Redis): PersonalData {
  const queue = QUEUES.decisionLog;
  return {
    name: 'queued decisions',
    async read({ hashes }) {
      const found: DecisionRow[] = [];
      for await (const data of payloadsOf(redis, queue)) found.push(...rowsOf(data).filter(madeFor(hashes)));
      return found;
    },
    async decisionsOf({ hashes }, until) {
      const found: string[] = [];
      for await (const data of payloadsOf(redis, queue)) {
        found.push(
          ...rowsOf(data)
            .filter(madeFor(hashes, until))
            .map(({ id }) => id),
        );
      }
      return found;
    },
    async erase({ hashes, until }) {
      const isGone = madeFor(hashes, until);
      const removed = await rewriteJobs(redis, queue, (data) => {
        const rows = rowsOf(data);
        const kept = rows.filter((row) => !isGone(row));
        if (kept.length === rows.length) return null;
        return { data: { rows: kept } satisfies DecisionChunk, removed: rows.length - kept.length, empty: kept.length === 0 };
      });
      return { removed };
    },
  };
}

/** Whether a record was made for the person, and not after `until`. */
function madeFor(hashes: readonly string[], until = Infinity): (row: DecisionRow) => boolean {
  const own = new Set(hashes);
  return ({ visitorHash, decidedAt }) => visitorHash !== null && own.has(visitorHash) && decidedAt <= until;
}

/** As they were sent. A payload that is none of ours names nobody: only this process's own kind writes here. */
function rowsOf(data: unknown): readonly DecisionRow[] {
  return decisionChunkSchema.safeParse(data).success ? (data as DecisionChunk).rows : [];
}
