import type { PlacementPrior } from '@vitrine/bandit';
import type { ClientSession, Connection } from 'mongoose';
import {
  bannerId,
  DomainError,
  parsePolicyVersionId,
  policyVersionId,
  SHARED_STATE,
  type BannerId,
  type PolicyVersionId,
} from '@vitrine/kernel';
import type { PolicyStateStore, StateAdvance } from '../application/ledger.ports';
import type { FaultHooks, UnitOfWork } from '../application/processing.ports';
import type { PriorReader } from '../application/prior.ports';
import type { PolicyHead, PolicyStateDelta, PolicyStateReader } from '../domain/types';
import { COLLECTIONS, type FoldLogDoc, type PolicyArmDoc, type PolicyHeadDoc } from './feedback.documents';
import { MongoPriorStore } from './mongo-prior.store';
import { fromBinary, toBinary } from './statistics.mapper';

export interface MongoPolicyStateOptions {
  readonly connection: Connection;
  readonly unitOfWork: UnitOfWork<ClientSession>;
  readonly hooks?: FaultHooks;
}

interface Snapshot {
  readonly head: PolicyHead;
  readonly docs: readonly PolicyArmDoc[];
}

/** `policy_heads`, `policy_arms` and `fold_log`: what was learned, one document per version and banner. */
export class MongoPolicyStateStore implements PolicyStateStore, PolicyStateReader, PriorReader {
  private readonly priors: PriorReader;

  constructor(private readonly options: MongoPolicyStateOptions) {
    this.priors = new MongoPriorStore(options.connection);
  }

  async head(versionId: PolicyVersionId): Promise<PolicyHead> {
    return (await this.findHead(versionId)) ?? emptyHead(versionId);
  }

  async heads(versionIds: readonly PolicyVersionId[]): Promise<ReadonlyMap<PolicyVersionId, PolicyHead>> {
    const docs = await this.headDocs()
      .find({ _id: { $in: [...versionIds] } })
      .toArray();
    const heads = docs.map(toHead);
    return new Map(heads.map((head) => [head.versionId, head]));
  }

  async arms(versionId: PolicyVersionId, banners: readonly BannerId[]): Promise<Map<BannerId, Float64Array>> {
    if (banners.length === 0) return new Map();
    const docs = await this.armDocs()
      .find({ _id: { $in: banners.map((banner) => armKey(versionId, banner)) } })
      .toArray();
    return statisticsOf(docs);
  }

  async snapshot(versionId: PolicyVersionId): Promise<{ readonly head: PolicyHead; readonly arms: ReadonlyMap<BannerId, Float64Array> }> {
    const { head, docs } = (await this.readAtOnce(versionId, 0)) ?? { head: emptyHead(versionId), docs: [] };
    return { head, arms: statisticsOf(docs) };
  }

  /** Cheap when nothing changed, which is what a gateway's poll mostly finds. */
  async load(versionId: PolicyVersionId, sinceRevision: number): Promise<PolicyStateDelta | null> {
    const seen = await this.findHead(versionId);
    if (seen === null || seen.revision === sinceRevision) return seen === null ? null : { head: seen, arms: [] };
    const read = await this.readAtOnce(versionId, sinceRevision);
    if (read === null) return null;
    const arms = read.docs.map((doc) => ({
      bannerId: storedBannerId(doc.bannerId),
      revision: doc.revision,
      statistics: fromBinary(doc.statistics),
    }));
    return { head: read.head, arms };
  }

  readPrior(id: string): Promise<PlacementPrior> {
    return this.priors.readPrior(id);
  }

  async advance(step: StateAdvance): Promise<'advanced' | 'fenced'> {
    const { versionId } = step.from;
    const born: PolicyHeadDoc = {
      _id: versionId,
      placementId: step.placementId,
      revision: 0,
      cursor: 0,
      entries: 0,
      skipped: 0,
      updatedAt: new Date(step.at),
    };
    // Outside the transaction, so that the fence below is always an update of an existing row.
    if (step.from.revision === 0) await this.headDocs().updateOne({ _id: versionId }, { $setOnInsert: withoutId(born) }, { upsert: true });
    try {
      await this.options.unitOfWork.run((session) => this.commit(step, session));
      return 'advanced';
    } catch (error) {
      if (error instanceof DomainError && error.code === 'STALE_WRITE') return 'fenced';
      throw error;
    }
  }

  private async commit(step: StateAdvance, session: ClientSession): Promise<void> {
    const { versionId } = step.from;
    const revision = step.from.revision + 1;
    const at = new Date(step.at);
    const { cursor, entries, skipped, layout } = step;
    const priorId = step.priorId ?? step.from.priorId;
    const prior = priorId === null ? {} : { priorId };
    const { matchedCount } = await this.headDocs().updateOne(
      { _id: versionId, revision: step.from.revision },
      { $set: { revision, cursor, entries, layout, ...prior, updatedAt: at }, $inc: { skipped } },
      { session },
    );
    if (matchedCount !== 1) throw new DomainError('STALE_WRITE', 'the policy state moved on'); // takes the transaction back
    const replaced = [...step.arms].map(([banner, statistics]) => ({
      replaceOne: {
        filter: { _id: armKey(versionId, banner) },
        replacement: { versionId, bannerId: banner, revision, statistics: toBinary(statistics) },
        upsert: true,
      },
    }));
    if (replaced.length > 0) await this.armDocs().bulkWrite(replaced, { session });
    await this.options.hooks?.midFold?.();
    const log = { _id: `${versionId}|${revision}`, versionId, revision, cursor, entries, skipped, ...prior, at };
    await this.options.connection.collection<FoldLogDoc>(COLLECTIONS.foldLog).insertOne(log, { session });
  }

  /** Head and banners of one moment. A head that went back behind `sinceRevision` is another history: then all banners. */
  private async readAtOnce(versionId: PolicyVersionId, sinceRevision: number): Promise<Snapshot | null> {
    return this.options.unitOfWork.run(async (session) => {
      const head = await this.findHead(versionId, session);
      if (head === null) return null;
      const since = head.revision < sinceRevision ? 0 : sinceRevision;
      return {
        head,
        docs: await this.armDocs()
          .find({ versionId, revision: { $gt: since } }, { session })
          .toArray(),
      };
    });
  }

  private async findHead(versionId: PolicyVersionId, session?: ClientSession): Promise<PolicyHead | null> {
    const doc = await this.headDocs().findOne({ _id: versionId }, session === undefined ? {} : { session });
    return doc === null ? null : toHead(doc);
  }

  private headDocs() {
    return this.options.connection.collection<PolicyHeadDoc>(COLLECTIONS.policyHeads);
  }

  private armDocs() {
    return this.options.connection.collection<PolicyArmDoc>(COLLECTIONS.policyArms);
  }
}

const armKey = (versionId: PolicyVersionId, banner: BannerId): string => `${versionId}|${banner}`;

function emptyHead(versionId: PolicyVersionId): PolicyHead {
  return { versionId, revision: 0, cursor: 0, entries: 0, layout: null, priorId: null, updatedAt: 0 };
}

function toHead({ _id, revision, cursor, entries, layout, priorId, updatedAt }: PolicyHeadDoc): PolicyHead {
  const { placementId, number } = parsePolicyVersionId(_id);
  return {
    versionId: policyVersionId(placementId, number),
    revision,
    cursor,
    entries,
    layout: layout ?? null,
    priorId: priorId ?? null,
    updatedAt: updatedAt.getTime(),
  };
}

function statisticsOf(docs: readonly PolicyArmDoc[]): Map<BannerId, Float64Array> {
  return new Map(docs.map((doc) => [storedBannerId(doc.bannerId), fromBinary(doc.statistics)]));
}

const storedBannerId = (id: string): BannerId => (id === SHARED_STATE ? SHARED_STATE : bannerId(id));

function withoutId({ _id, ...rest }: PolicyHeadDoc): Omit<PolicyHeadDoc, '_id'> {
  void _id;
  return rest;
}
