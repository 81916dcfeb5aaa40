import { createHash } from 'node:crypto';
import { DomainError, type Clock } from '@vitrine/kernel';
import { trusted, type Connection, type Model } from 'mongoose';
import { CHUNK_ROWS } from '../application/extract-rows';
import type { RowStream, TrainingRowChunk, TrainingRowRepository } from '../application/training-ports';
import type { NumericColumn, RawTable } from '../domain/pipeline/raw-table';
import { ROW_SPLITS, type RowSplit } from '../domain/row-split';
import type { LabelledTable } from '../domain/training/labelled-table';
import { extractedRows, responseRows, type TrainingRun } from '../domain/training-run';
import { segmentCollections, type TrainingRowsDoc } from './segment-documents';

const FIELDS = { values: 1 } as const;
const COUNTS = { TRAIN: 'train', TUNE: 'tune', TEST: 'test' } as const;
const STREAMS: readonly RowStream[] = ['FEATURES', 'RESPONSES'];

/** Every so many chunks of every partition may come to a little more than that share of the rows. */
const CHUNKS_TO_SPARE = 2;

interface Wanted {
  readonly stream: RowStream;
  readonly split: RowSplit;
  /** Rows, of those that there are. */
  readonly rows: number;
  readonly width: number;
  /** One chunk in so many is read, from all over: ids, and so chunks, follow the time in which people came. */
  readonly stride: number;
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
    const total = extractedRows(run.extracted)[COUNTS[split]];
    const stride = Math.max(1, Math.floor(total / limit));
    const columns = await this.read(run, { stream: 'FEATURES', split, rows: total, width: run.featureNames.length, stride });
    return tableOf(run, columns, columns[0]?.length ?? 0);
  }

  async loadResponses(run: TrainingRun, split: RowSplit): Promise<LabelledTable> {
    const rows = responseRows(run.extracted, split);
    const columns = await this.read(run, { stream: 'RESPONSES', split, rows, width: run.featureNames.length + 1, stride: 1 });
    return { table: tableOf(run, columns, rows), target: columns.at(-1) ?? new Float64Array(0) };
  }

  async fingerprint(run: TrainingRun): Promise<string> {
    const hash = createHash('sha256').update(run.featureNames.join());
    for (const stream of STREAMS) {
      for (const split of ROW_SPLITS) for await (const { values } of this.chunks(run, { stream, split, stride: 1 })) hash.update(values);
    }
    return hash.digest('hex');
  }

  async deleteRun(runId: string): Promise<void> {
    await this.rows.deleteMany({ runId: trusted({ $eq: runId }) }).exec();
  }

  /** Rows by column, each in memory that threads share, so that a million of them are not copied to be computed with. */
  private async read(run: TrainingRun, wanted: Wanted): Promise<readonly Float64Array[]> {
    const { stream, split, rows, width, stride } = wanted;
    const room = stride === 1 ? rows : Math.ceil(rows / stride) + CHUNKS_TO_SPARE * CHUNK_ROWS * run.partitions;
    const columns = Array.from({ length: width }, () => new Float64Array(new SharedArrayBuffer(room * Float64Array.BYTES_PER_ELEMENT)));
    let row = 0;
    for await (const { values } of this.chunks(run, { stream, split, stride })) {
      const numbers = new Float64Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
      const taken = Math.min(numbers.length / width, room - row);
      for (let at = 0; at < taken; at++) {
        for (let c = 0; c < width; c++) (columns[c] ?? numbers)[row + at] = numbers[at * width + c] ?? Number.NaN;
      }
      row += taken;
      if (row === room) break;
    }
    if (stride > 1) return columns.map((column) => column.subarray(0, row));
    if (row !== rows) {
      throw new DomainError('INTERNAL', 'the stored training rows are not those that were extracted', {
        details: { runId: run.id, split },
      });
    }
    return columns;
  }

  private chunks(run: TrainingRun, { stream, split, stride }: Pick<Wanted, 'stream' | 'split' | 'stride'>) {
    const attempts = Object.values(run.extracted).map((partition) => partition.attempt);
    return this.connection
      .collection<TrainingRowsDoc>('training_rows')
      .find<Pick<TrainingRowsDoc, 'values'>>(
        { runId: run.id, stream, split, attempt: { $in: attempts }, ...(stride > 1 && { number: { $mod: [stride, 0] } }) },
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
