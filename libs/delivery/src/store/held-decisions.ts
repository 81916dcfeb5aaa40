import type { PersonalData } from '@vitrine/profile';
import type { Connection } from 'mongoose';
import type { DecisionDocument } from './decision.document';
import { DECISIONS } from './mongo-decision.repository';

/** Where delivery holds data of people: the decision log. */
export function heldDecisions(connection: Connection): PersonalData {
  return {
    name: 'decisions',
    read: ({ hashes }) =>
      connection
        .collection<DecisionDocument>(DECISIONS)
        .find({ visitorHash: { $in: [...hashes] } })
        .sort({ decidedAt: 1 })
        .toArray(),
  };
}
