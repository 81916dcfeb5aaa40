import type { PlacementPrior } from '@vitrine/bandit';
import type { ClientSession, Connection } from 'mongoose';
import { DomainError, type BannerId, type PlacementId, type PolicyVersionId } from '@vitrine/kernel';
import type { ErasableStates, StateWithdrawal } from '../application/erasure.ports';
import type { PolicyStateStore, StateAdvance, StateBase, StateSnapshot } from '../application/ledger.ports';
import type { FaultHooks, UnitOfWork } from '../application/processing.ports';
import type { PriorReader } from '../application/prior.ports';
import type { PolicyHead, PolicyStateDelta, PolicyStateReader } from '../domain/types';
import { COLLECTIONS, type FoldLogDoc, type PolicyArmDoc, type PolicyBaseDoc, type PolicyHeadDoc } from './feedback.documents';
import { MongoPriorStore } from './mongo-prior.store';
import { armKey, emptyHead, statisticsOf, storedBannerId, toBase, toHead } from './policy-state.mapper';
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

/** What a new revision says of itself, in the head and in the log. */
type Revision = Pick<FoldLogDoc, 'cursor' | 'entries' | 'skipped' | 'priorId'>;

/** `policy_heads`, `policy_arms`, `policy_bases` and `fold_log`: what was learned, one document per version and banner. */
export class MongoPolicyStateStore implements PolicyStateStore, PolicyStateReader, PriorReader, ErasableStates<ClientSession> {
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

  snapshot(versionId: PolicyVersionId): Promise<StateSnapshot> {
    return this.options.unitOfWork.run((session) => this.snapshotIn(session, versionId));
  }

  async snapshotIn(session: ClientSession, versionId: PolicyVersionId): Promise<StateSnapshot> {
    const doc = await this.headDocs().findOne({ _id: versionId }, { session });
    if (doc === null) return { head: emptyHead(versionId), arms: new Map(), base: null };
    const arms = await this.armDocs().find({ versionId }, { session }).toArray();
    return { head: toHead(doc), arms: statisticsOf(arms), base: await this.baseOf(doc, session) };
  }

  async findBase(versionId: PolicyVersionId): Promise<StateBase | null> {
    return this.options.unitOfWork.run(async (session) => {
      const doc = await this.headDocs().findOne({ _id: versionId }, { session });
      return doc === null ? null : this.baseOf(doc, session);
    });
  }

  private async baseOf(doc: PolicyHeadDoc, session: ClientSession): Promise<StateBase | null> {
    return doc.base === undefined ? null : toBase(doc, await this.baseDocs().find({ versionId: doc._id }, { session }).toArray());
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
    const at = new Date(step.at);
    const { cursor, entries, skipped, layout } = step;
    const priorId = step.priorId ?? step.from.priorId;
    const prior = priorId === null ? {} : { priorId };
    const { matchedCount } = await this.headDocs().updateOne(
      { _id: versionId, revision: step.from.revision },
      {
        $set: { revision: step.from.revision + 1, cursor, entries, layout, ...prior, updatedAt: at },
        $inc: { skipped },
        ...(step.anew === true ? { $unset: { base: true } } : {}),
      },
      { session },
    );
    if (matchedCount !== 1) throw new DomainError('STALE_WRITE', 'the policy state moved on'); // takes the transaction back
    if (step.anew === true) await this.baseDocs().deleteMany({ versionId }, { session });
    await this.writeArms(step, session);
    await this.options.hooks?.midFold?.();
    await this.log(step, { cursor, entries, skipped, ...prior }, session);
  }

  async claim(session: ClientSession, placementId: PlacementId): Promise<void> {
    await this.headDocs().updateMany({ placementId }, { $set: { claimedAt: new Date() } }, { session });
  }

  /** Every writer of a head reads it in the same transaction or names its revision, so that a fold that read the ledger before is fenced. */
  async withdraw(session: ClientSession, step: StateWithdrawal): Promise<void> {
    const { versionId, revision: before } = step.from;
    const { cursor, priorId } = step.from;
    const { entries, skipped, layout } = step;
    const revision = before + 1;
    const base = step.base === null ? {} : { base: { revision, cursor, entries, layout: step.base.layout } };
    const moved = await this.headDocs().updateOne(
      { _id: versionId, revision: before },
      {
        $set: { revision, entries, ...(layout === null ? {} : { layout }), ...base, updatedAt: new Date(step.at) },
        $inc: { skipped: -skipped },
        ...(layout === null ? { $unset: { layout: true } } : {}),
        $setOnInsert: { placementId: step.placementId, cursor },
      },
      { session, upsert: before === 0 }, // a version's first fold may be under way
    );
    if (moved.matchedCount + moved.upsertedCount !== 1) throw new DomainError('STALE_WRITE', 'the policy state moved on');
    await this.writeArms(step, session);
    if (step.base !== null) await this.replaceBase(versionId, step.base.arms, session);
    await this.log(step, { cursor, entries, skipped: -skipped, ...(priorId === null ? {} : { priorId }) }, session);
  }

  private async replaceBase(versionId: PolicyVersionId, arms: StateBase['arms'], session: ClientSession): Promise<void> {
    await this.baseDocs().deleteMany({ versionId }, { session });
    const docs = [...arms].map(([banner, statistics]) => ({
      _id: armKey(versionId, banner),
      versionId,
      bannerId: banner,
      statistics: toBinary(statistics),
    }));
    if (docs.length > 0) await this.baseDocs().insertMany(docs, { session });
  }

  private async writeArms({ from, arms }: Pick<StateAdvance, 'from' | 'arms'>, session: ClientSession): Promise<void> {
    const { versionId } = from;
    const replaced = [...arms].map(([banner, statistics]) => ({
      replaceOne: {
        filter: { _id: armKey(versionId, banner) },
        replacement: { versionId, bannerId: banner, revision: from.revision + 1, statistics: toBinary(statistics) },
        upsert: true,
      },
    }));
    if (replaced.length > 0) await this.armDocs().bulkWrite(replaced, { session });
  }

  private async log({ from, at }: Pick<StateAdvance, 'from' | 'at'>, noted: Revision, session: ClientSession): Promise<void> {
    const { versionId } = from;
    const revision = from.revision + 1;
    const log = { _id: `${versionId}|${revision}`, versionId, revision, ...noted, at: new Date(at) };
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
    const doc = await this.headDocs().findOne(
      { _id: versionId },
      // Not older than the ledger that is read next: a head that a failover takes back would let erased entries through the fence.
      session === undefined ? { readConcern: { level: 'majority' } } : { session },
    );
    return doc === null ? null : toHead(doc);
  }

  private headDocs() {
    return this.options.connection.collection<PolicyHeadDoc>(COLLECTIONS.policyHeads);
  }

  private baseDocs() {
    return this.options.connection.collection<PolicyBaseDoc>(COLLECTIONS.policyBases);
  }

  private armDocs() {
    return this.options.connection.collection<PolicyArmDoc>(COLLECTIONS.policyArms);
  }
}

function withoutId({ _id, ...rest }: PolicyHeadDoc): Omit<PolicyHeadDoc, '_id'> {
  void _id;
  return rest;
}
