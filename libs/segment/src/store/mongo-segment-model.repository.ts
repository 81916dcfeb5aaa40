import { trusted, type Connection } from 'mongoose';
import type { ModelVerdict, SegmentModelRepository } from '../application/training-ports';
import type { SegmentModel } from '../domain/types';
import { isDuplicateKey, segmentCollections, type SegmentCollections, type SegmentModelDoc } from './segment-documents';

type SegmentModelRow = { [Key in keyof SegmentModelDoc]: Readonly<SegmentModelDoc[Key]> };

export class MongoSegmentModelRepository implements SegmentModelRepository {
  private readonly collections: SegmentCollections;

  constructor(private readonly connection: Connection) {
    this.collections = segmentCollections(connection);
  }

  async find(version: number): Promise<SegmentModel | null> {
    const row = await this.collections.models.findById(version).lean<SegmentModelDoc>().exec();
    return row === null ? null : toModel(row);
  }

  async findPublished(): Promise<SegmentModel | null> {
    const row = await this.collections.models.findOne({ status: 'PUBLISHED' }).lean<SegmentModelDoc>().exec();
    return row === null ? null : toModel(row);
  }

  async findPublishedVersion(): Promise<number | null> {
    const row = await this.collections.models.findOne({ status: 'PUBLISHED' }, { _id: 1 }).lean<Pick<SegmentModelDoc, '_id'>>().exec();
    return row === null ? null : row._id;
  }

  async list(limit: number, before: number | null): Promise<readonly SegmentModel[]> {
    const filter = before === null ? {} : { _id: trusted({ $lt: before }) };
    const rows = await this.collections.models.find(filter).sort({ _id: -1 }).limit(limit).lean<SegmentModelDoc[]>().exec();
    return rows.map(toModel);
  }

  async nextSegment(): Promise<number> {
    const [newest] = await this.collections.models
      .find({}, { nextSegment: 1 })
      .sort({ nextSegment: -1 })
      .limit(1)
      .lean<Pick<SegmentModelDoc, 'nextSegment'>[]>()
      .exec();
    return newest?.nextSegment ?? 0;
  }

  count(): Promise<number> {
    return this.collections.models.countDocuments({}).exec();
  }

  /** Past Mongoose, whose casting has nothing to add to rows that are typed already. */
  async insert({ version, createdAt, ...model }: SegmentModel): Promise<void> {
    try {
      await this.connection
        .collection<SegmentModelRow>('segment_models')
        .insertOne({ _id: version, ...model, createdAt: new Date(createdAt) });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error; // the step ran before: same rows, same seed, same model
    }
  }

  async saveVerdict(version: number, { refusal, metrics }: ModelVerdict): Promise<void> {
    const unjudged = { _id: version, status: 'CANDIDATE' as const, 'metrics.heldOutRows': trusted({ $exists: false }) };
    await this.collections.models
      .updateOne(unjudged, { $set: { metrics, refusal, status: refusal === null ? 'CANDIDATE' : 'REFUSED' } })
      .exec();
  }

  publish(version: number, runId: string, nowMs: number): Promise<boolean> {
    const { models, runs } = this.collections;
    return this.connection.transaction(async (session) => {
      const row = await models.findById(version, { status: 1 }, { session }).lean<Pick<SegmentModelDoc, 'status'>>().exec();
      if (row?.status === 'PUBLISHED') return true;
      if (row?.status !== 'CANDIDATE') return false;
      // Writing the run makes this conflict with whoever gives it up at the same time: a run that lost its turn cannot publish.
      const run = await runs.updateOne({ _id: runId, status: 'RUNNING' }, { $set: { updatedAt: new Date(nowMs) } }, { session }).exec();
      if (run.matchedCount === 0) return false;
      const live = await models.findOne({ status: 'PUBLISHED' }, { _id: 1 }, { session }).lean<Pick<SegmentModelDoc, '_id'>>().exec();
      await models.updateMany({ status: 'PUBLISHED' }, { $set: { status: 'RETIRED' } }, { session }).exec();
      // What it replaces is what a rollback goes back to, whichever version was live when its training began.
      const parentVersion = live?._id ?? null;
      await models.updateOne({ _id: version }, { $set: { status: 'PUBLISHED', parentVersion } }, { session }).exec();
      return true;
    });
  }

  restore(from: number, to: number): Promise<boolean> {
    const { models } = this.collections;
    return this.connection.transaction(async (session) => {
      const target = await models.findOne({ _id: to, status: 'RETIRED' }, { _id: 1 }, { session }).lean().exec();
      if (target === null) return false;
      const live = await models.updateOne({ _id: from, status: 'PUBLISHED' }, { $set: { status: 'RETIRED' } }, { session }).exec();
      if (live.matchedCount === 0) return false;
      await models.updateOne({ _id: to }, { $set: { status: 'PUBLISHED' } }, { session }).exec();
      return true;
    });
  }

  async prune(keep: number): Promise<readonly number[]> {
    const { models } = this.collections;
    const [last] = await models.find({}, { _id: 1 }).sort({ _id: -1 }).skip(keep).limit(1).lean<Pick<SegmentModelDoc, '_id'>[]>().exec();
    if (last === undefined) return [];
    const live = await this.findPublished();
    // The live one, and the one that a rollback goes to, stay however old they are. A candidate that is not among the newest belongs to a
    // run that was cancelled or failed.
    const spared = [live?.version, live?.parentVersion].filter((version) => typeof version === 'number');
    const rows = this.connection.collection<SegmentModelRow>('segment_models');
    const old = { status: { $in: ['RETIRED', 'REFUSED', 'CANDIDATE'] as const }, _id: { $lte: last._id, $nin: spared } };
    const gone = await rows.find(old, { projection: { _id: 1 } }).toArray();
    // By their status once more: one of them may have been gone back to meanwhile.
    await rows.deleteMany({ ...old, _id: { $in: gone.map(({ _id }) => _id) } });
    return gone.map(({ _id }) => _id);
  }

  async saveSizes(version: number, sizes: Readonly<Record<string, number>>): Promise<void> {
    const model = await this.find(version);
    if (model === null) return;
    const segments = model.segments.map((segment) => ({ ...segment, size: sizes[segment.id] ?? 0 }));
    await this.collections.models.updateOne({ _id: version }, { $set: { segments } }).exec();
  }
}

function toModel({ _id, createdAt, ...row }: SegmentModelDoc): SegmentModel {
  return { ...row, version: _id, createdAt: createdAt.getTime() };
}
