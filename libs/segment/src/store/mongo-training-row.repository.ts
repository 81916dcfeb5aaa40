import { createHash } from 'node:crypto';
import { DomainError, type Clock } from '@vitrine/kernel';
import { trusted, type Connection, type Model } from 'mongoose';
import type { RowStream, TrainingRowChunk, TrainingRowRepository } from '../application/training-ports';
import type { NumericColumn, RawTable } from '../domain/pipeline/raw-table';
import { ROW_SPLITS, type RowSplit } from '../domain/row-split';
import type { LabelledTable } from '../domain/training/labelled-table';
import { extractedRows, responseRows, type TrainingRun } from '../domain/training-run';
import { segmentCollections, type TrainingRowsDoc } from './segment-documents';

const FIELDS = { partition: 1, values: 1 } as const;
const COUNTS = { TRAIN: 'train', TUNE: 'tune', TEST: 'test' } as const;
const STREAMS: readonly RowStream[] = ['FEATURES', 'RESPONSES'];

interface Wanted {
  readonly stream: RowStream;
  readonly split: RowSplit;
  /** Rows, of those that there are. */
  readonly rows: number;
  readonly width: number;
}

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
    const _id = [chunk.runId, chunk.partition, chunk.attempt, chunk.stream, chunk.split, chunk.number].join(':');
    await this.connection
      .collection<TrainingRowsDoc>('training_rows')
      .replaceOne({ _id }, { ...chunk, values: bytes, createdAt: new Date(this.clock.now()) }, { upsert: true });
  }

  async load(run: TrainingRun, split: RowSplit, limit = Number.POSITIVE_INFINITY): Promise<RawTable> {
    const rows = Math.min(limit, extractedRows(run.extracted)[COUNTS[split]]);
    const columns = await this.read(run, { stream: 'FEATURES', split, rows, width: run.featureNames.length });
    return tableOf(run, columns, rows);
  }

  async loadResponses(run: TrainingRun, split: RowSplit): Promise<LabelledTable> {
    const rows = responseRows(run.extracted, split);
    const columns = await this.read(run, { stream: 'RESPONSES', split, rows, width: run.featureNames.length + 1 });
    return { table: tableOf(run, columns, rows), target: columns.at(-1) ?? new Float64Array(0) };
  }

  async fingerprint(run: TrainingRun): Promise<string> {
    const hash = createHash('sha256').update(run.featureNames.join());
    for (const stream of STREAMS) {
      for (const split of ROW_SPLITS) for await (const { values } of this.chunks(run, stream, split)) hash.update(values);
    }
    return hash.digest('hex');
  }

  async deleteRun(runId: string): Promise<void> {
    await this.rows.deleteMany({ runId: trusted({ $eq: runId }) }).exec();
  }

  /** Rows by column, each in memory that threads share, so that a million of them are not copied to be computed with. */
  private async read(run: TrainingRun, wanted: Wanted): Promise<readonly Float64Array[]> {
    const { stream, split, rows, width } = wanted;
    const columns = Array.from({ length: width }, () => new Float64Array(new SharedArrayBuffer(rows * Float64Array.BYTES_PER_ELEMENT)));
    let row = 0;
    for await (const { values } of this.chunks(run, stream, split)) {
      const numbers = new Float64Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
      const taken = Math.min(numbers.length / width, rows - row);
      for (let at = 0; at < taken; at++) {
        for (let c = 0; c < width; c++) (columns[c] ?? numbers)[row + at] = numbers[at * width + c] ?? Number.NaN;
      }
      row += taken;
      if (row === rows) break;
    }
    if (row !== rows) {
      throw new DomainError('INTERNAL', 'the stored training rows are not those that were extracted', {
        details: { runId: run.id, split },
      });
    }
    return columns;
  }

  private chunks(run: TrainingRun, stream: RowStream, split: RowSplit) {
    const attempts = Object.values(run.extracted).map((partition) => partition.attempt);
    return this.connection
      .collection<TrainingRowsDoc>('training_rows')
      .find<Pick<TrainingRowsDoc, 'partition' | 'values'>>(
        { runId: run.id, stream, split, attempt: { $in: attempts } },
        { projection: FIELDS, sort: { partition: 1, number: 1 }, promoteBuffers: true },
      )
      .batchSize(100);
  }
}

function tableOf({ featureNames }: TrainingRun, columns: readonly Float64Array[], rows: number): RawTable {
  return {
    rows,
    columns: featureNames.map((name, at): NumericColumn => ({ name, kind: 'NUMERIC', values: columns[at] ?? new Float64Array(rows) })),
  };
}
