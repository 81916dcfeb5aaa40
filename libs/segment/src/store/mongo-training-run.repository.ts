import { DomainError } from '@vitrine/kernel';
import { trusted, type Connection, type Model } from 'mongoose';
import type { SearchPlan, TrainingRunRepository } from '../application/training-ports';
import {
  TRAINING_STEPS,
  type AssignedPartition,
  type ExtractedPartition,
  type RunMetric,
  type TrainingRun,
  type TrainingStep,
} from '../domain/training-run';
import { isDuplicateKey, segmentCollections, type TrainingRunDoc } from './segment-documents';

type Trial = Parameters<TrainingRunRepository['saveTrial']>[1];
type RunEnd = Parameters<TrainingRunRepository['finish']>[1];
type TrainingRunRow = { [Key in keyof TrainingRunDoc]: Readonly<TrainingRunDoc[Key]> };

export class MongoTrainingRunRepository implements TrainingRunRepository {
  private readonly runs: Model<TrainingRunDoc>;

  constructor(private readonly connection: Connection) {
    this.runs = segmentCollections(connection).runs;
  }

  async create({ id, startedAt, updatedAt, finishedAt, ...run }: TrainingRun): Promise<'created' | 'busy'> {
    const dates = {
      startedAt: new Date(startedAt),
      updatedAt: new Date(updatedAt),
      finishedAt: finishedAt === null ? null : new Date(finishedAt),
    };
    try {
      await this.connection.collection<TrainingRunRow>('training_runs').insertOne({ _id: id, ...run, ...dates });
      return 'created';
    } catch (error) {
      if (isDuplicateKey(error)) return 'busy';
      throw error;
    }
  }

  async get(runId: string): Promise<TrainingRun> {
    const row = await this.runs.findById(runId).lean<TrainingRunDoc>().exec();
    if (row === null) throw new DomainError('NOT_FOUND', 'no such training run', { details: { runId } });
    return toRun(row);
  }

  async findActive(): Promise<TrainingRun | null> {
    const row = await this.runs.findOne({ status: 'RUNNING' }).lean<TrainingRunDoc>().exec();
    return row === null ? null : toRun(row);
  }

  async list(limit: number, before: string | null): Promise<readonly TrainingRun[]> {
    const last =
      before === null ? null : await this.runs.findById(before, { startedAt: 1 }).lean<Pick<TrainingRunDoc, 'startedAt'>>().exec();
    if (before !== null && last === null)
      throw new DomainError('BAD_USER_INPUT', 'the cursor names no training run', { details: { field: 'after' } });
    const filter = last === null ? {} : { startedAt: trusted({ $lt: last.startedAt }) };
    const rows = await this.runs.find(filter).sort({ startedAt: -1 }).limit(limit).lean<TrainingRunDoc[]>().exec();
    return rows.map(toRun);
  }

  count(): Promise<number> {
    return this.runs.countDocuments({}).exec();
  }

  async lastModelVersion(): Promise<number> {
    const row = await this.runs
      .findOne({}, { modelVersion: 1 })
      .sort({ modelVersion: -1 })
      .lean<Pick<TrainingRunDoc, 'modelVersion'>>()
      .exec();
    return row?.modelVersion ?? 0;
  }

  async savePlan(runId: string, { fingerprint, configurations }: SearchPlan, nowMs: number): Promise<void> {
    await this.runs
      .updateOne(
        { _id: runId, status: 'RUNNING', fingerprint: null },
        { $set: { fingerprint, configurations, updatedAt: new Date(nowMs) } },
      )
      .exec();
  }

  async saveTrial(runId: string, { rung, number, score }: Trial, nowMs: number): Promise<void> {
    await this.saveOnce(runId, `trials.${rung}.${number}`, score, nowMs);
  }

  async saveChoice(runId: string, chosen: number, nowMs: number): Promise<void> {
    await this.runs.updateOne({ _id: runId, status: 'RUNNING' }, { $set: { chosen, updatedAt: new Date(nowMs) } }).exec();
  }

  async saveLog(runId: string, step: TrainingStep, log: readonly RunMetric[], nowMs: number): Promise<void> {
    await this.runs.updateOne({ _id: runId, status: 'RUNNING' }, { $set: { [`log.${step}`]: log, updatedAt: new Date(nowMs) } }).exec();
  }

  async prune(keep: number): Promise<number> {
    const [last] = await this.runs.find({}, { startedAt: 1 }).sort({ startedAt: -1 }).skip(keep).limit(1).lean<TrainingRunDoc[]>().exec();
    if (last === undefined) return 0;
    // Versions are counted on from the highest that a run ever claimed: rollbacks alone must not push that one out.
    const claimed = { $lt: await this.lastModelVersion() };
    const ended = { status: { $ne: 'RUNNING' as const }, startedAt: { $lte: last.startedAt }, modelVersion: claimed };
    return (await this.connection.collection<TrainingRunRow>('training_runs').deleteMany(ended)).deletedCount;
  }

  async commitExtraction(runId: string, partition: number, extracted: ExtractedPartition, nowMs: number): Promise<void> {
    await this.saveOnce(runId, `extracted.${partition}`, extracted, nowMs);
  }

  /** The first to finish counts. */
  private async saveOnce(runId: string, path: string, value: object, nowMs: number): Promise<void> {
    await this.runs
      .updateOne(
        { _id: runId, status: 'RUNNING', [path]: trusted({ $exists: false }) },
        { $set: { [path]: value, updatedAt: new Date(nowMs) } },
      )
      .exec();
  }

  async saveAssignment(runId: string, partition: number, assigned: AssignedPartition, nowMs: number): Promise<void> {
    const path = `assigned.${partition}`;
    // A second worker on the same partition (its job stalled) must not turn a finished one back.
    await this.runs
      .updateOne(
        { _id: runId, status: 'RUNNING', [`${path}.done`]: trusted({ $ne: true }) },
        { $set: { [path]: assigned, updatedAt: new Date(nowMs) } },
      )
      .exec();
  }

  async moveTo(runId: string, step: TrainingStep, nowMs: number): Promise<void> {
    const before = TRAINING_STEPS.slice(0, TRAINING_STEPS.indexOf(step) + 1);
    await this.runs
      .updateOne({ _id: runId, status: 'RUNNING', step: trusted({ $in: before }) }, { $set: { step, updatedAt: new Date(nowMs) } })
      .exec();
  }

  async touch(runId: string, nowMs: number): Promise<void> {
    await this.runs.updateOne({ _id: runId, status: 'RUNNING' }, { $set: { updatedAt: new Date(nowMs) } }).exec();
  }

  async finish(runId: string, { status, step, failure }: RunEnd, nowMs: number): Promise<void> {
    const now = new Date(nowMs);
    await this.runs
      .updateOne({ _id: runId, status: 'RUNNING' }, { $set: { status, step, failure, updatedAt: now, finishedAt: now } })
      .exec();
  }

  async abandon(runId: string, quietSince: number, nowMs: number): Promise<boolean> {
    const now = new Date(nowMs);
    const failure = { code: 'DEPENDENCY_UNAVAILABLE', message: 'the run showed no sign of life and was given up' };
    const { matchedCount } = await this.runs
      .updateOne(
        { _id: runId, status: 'RUNNING', updatedAt: trusted({ $lte: new Date(quietSince) }) },
        { $set: { status: 'FAILED', failure, updatedAt: now, finishedAt: now } },
      )
      .exec();
    return matchedCount === 1;
  }
}

function toRun({ _id, startedAt, updatedAt, finishedAt, ...row }: TrainingRunDoc): TrainingRun {
  return { ...row, id: _id, startedAt: startedAt.getTime(), updatedAt: updatedAt.getTime(), finishedAt: finishedAt?.getTime() ?? null };
}
