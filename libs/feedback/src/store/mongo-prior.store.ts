import { createHash } from 'node:crypto';
import { parsePriorRevision, type PlacementPrior } from '@vitrine/bandit';
import { DomainError } from '@vitrine/kernel';
import type { Connection } from 'mongoose';
import type { PriorReader, PriorStore } from '../application/prior.ports';
import { COLLECTIONS, type PolicyPriorDoc } from './feedback.documents';

/** `policy_priors`: what placements learned from each other. Documents are never changed, since heads and past revisions name them. */
export class MongoPriorStore implements PriorStore, PriorReader {
  constructor(private readonly connection: Connection) {}

  async keep({ placementId, surface, revision }: PlacementPrior, at: number): Promise<string> {
    const text = JSON.stringify(revision);
    const content = { placementId, surface, revision: text };
    const id = `${placementId}|${createHash('sha256')
      .update(JSON.stringify([surface, text]))
      .digest('hex')}`;
    await this.docs().updateOne({ _id: id }, { $setOnInsert: { ...content, at: new Date(at) } }, { upsert: true });
    return id;
  }

  async readPrior(id: string): Promise<PlacementPrior> {
    const doc = await this.docs().findOne({ _id: id });
    if (doc === null) throw new DomainError('NOT_FOUND', 'the prior of a policy state is gone', { details: { priorId: id } });
    const { placementId, surface, revision } = doc;
    return { placementId, surface, revision: parsePriorRevision(parseJson(revision)) };
  }

  private docs() {
    return this.connection.collection<PolicyPriorDoc>(COLLECTIONS.policyPriors);
  }
}

/** Text that is no JSON is no prior either. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
