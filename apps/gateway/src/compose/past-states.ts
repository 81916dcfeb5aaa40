import type { PastState, PastStates } from '@vitrine/delivery';
import { FEEDBACK_COLLECTIONS, type FoldLogDoc, type LedgerRebuilder } from '@vitrine/feedback';
import type { Connection } from 'mongoose';

const GONE: PastState = { status: 'GONE' };

/** States of then, folded again from the ledger up to the cursor that the fold log holds for a revision. */
export function createPastStates(connection: Connection, rebuilder: Pick<LedgerRebuilder, 'rebuild'>): PastStates {
  return {
    async at(versionId, revision) {
      if (revision === 0) return { status: 'FOUND', arms: [] };
      const step = await connection.collection<FoldLogDoc>(FEEDBACK_COLLECTIONS.foldLog).findOne({ _id: `${versionId}|${revision}` });
      if (step === null) return GONE;
      const { arms, cursor } = await rebuilder.rebuild(versionId, step.cursor);
      if (cursor !== step.cursor) return GONE; // the ledger no longer reaches back so far
      return { status: 'FOUND', arms: Array.from(arms, ([bannerId, statistics]) => ({ bannerId, statistics })) };
    },
  };
}
