import { DomainError, type Clock } from '@vitrine/kernel';
import { trusted, type Connection, type Model } from 'mongoose';
import type { TrainingRowChunk, TrainingRowRepository } from '../application/training-ports';
import { extractedRows, type TrainingRun } from '../domain/training-run';
import { rowMatrix, type RowMatrix } from '../domain/row-matrix';
import type { RowSplit } from '../domain/row-split';
import { segmentCollections, type TrainingRowsDoc } from './segment-documents';

const FIELDS = { partition: 1, values: 1 } as const;

export class MongoTrainingRowRepository implements TrainingRowRepository {
  private readonly rows: Model<TrainingRowsDoc>;

  constructor(
    private readonly connection: Connection,
    private readonly clock: Clock,
  ) {
    this.rows = segmentCollections(connection).rows;
  }

  async save({ values, ...chunk }: TrainingRowChunk): Promise<void> {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    const _id = [chunk.runId, chunk.partition, chunk.attempt, chunk.split, chunk.number].join(':');
    await this.connection
      .collection<TrainingRowsDoc>('training_rows')
      .replaceOne({ _id }, { ...chunk, values: bytes, createdAt: new Date(this.clock.now()) }, { upsert: true });
  }

  async load(run: TrainingRun, split: RowSplit): Promise<RowMatrix> {
    const total = extractedRows(run.extracted)[COUNTS[split]];
    const columns = run.featureNames.length;
    const bytes = new Uint8Array(total * columns * Float64Array.BYTES_PER_ELEMENT);
    const attempts = Object.values(run.extracted).map((partition) => partition.attempt);
    const chunks = this.connection
      .collection<TrainingRowsDoc>('training_rows')
      .find<Pick<TrainingRowsDoc, 'partition' | 'values'>>(
        { runId: run.id, split, attempt: { $in: attempts } },
        { projection: FIELDS, sort: { partition: 1, number: 1 }, promoteBuffers: true },
      )
      .batchSize(100);
    let at = 0;
    for await (const { values } of chunks) {
      if (at + values.byteLength > bytes.byteLength) throw missing(run, split);
      bytes.set(values, at);
      at += values.byteLength;
    }
    if (at !== bytes.byteLength) throw missing(run, split);
    return rowMatrix(columns, new Float64Array(bytes.buffer));
  }

  async deleteRun(runId: string): Promise<void> {
    await this.rows.deleteMany({ runId: trusted({ $eq: runId }) }).exec();
  }
}

const COUNTS = { TRAIN: 'train', TUNE: 'tune', TEST: 'test' } as const;

function missing(run: TrainingRun, split: RowSplit): DomainError {
  return new DomainError('INTERNAL', 'the stored training rows are not those that were extracted', { details: { runId: run.id, split } });
}
