import type { Clock } from '@vitrine/kernel';
import { windowOf } from '../domain/response-window';
import { splitOf, type RowSplit } from '../domain/row-split';
import type { ExtractedPartition, TrainingRun } from '../domain/training-run';
import type { ProfileRowSource, RowStream, TrainingRowRepository, TrainingRunRepository } from './training-ports';

export interface ExtractRowsDeps {
  readonly runs: TrainingRunRepository;
  readonly rows: TrainingRowRepository;
  readonly profiles: ProfileRowSource;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** Rows that are stored in one document. */
export const CHUNK_ROWS = 500;

/**
 * Copies the feature rows of one partition's TRAINING-consented profiles into the run, split by hash, and beside them what is known of how
 * people responded. Running it again does nothing once a partition is committed; an attempt that died leaves rows that nobody reads, under
 * its own attempt id. A run that ended meanwhile is left without rows.
 */
export class ExtractRows {
  constructor(private readonly deps: ExtractRowsDeps) {}

  async execute(runId: string, partition: number): Promise<void> {
    const { runs, profiles, clock } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING' || run.extracted[partition] !== undefined) return;
    const writer = new ChunkWriter(this.deps, run, partition);
    const { partitions, startedAt: asOf, seed, settings } = run;
    const windows = { windowOf: (profileId: string) => windowOf(splitOf(profileId, seed), asOf, settings.responseDays) };
    const slice = { partition, partitions, purpose: 'TRAINING', after: null, asOf, ...windows } as const;
    for await (const { profileId, features, history } of profiles.read(slice)) {
      const split = splitOf(profileId, seed);
      if (features.length !== run.featureNames.length) {
        writer.drop();
        continue;
      }
      await writer.add('FEATURES', split, features);
      if (history) await writer.add('RESPONSES', split, history.features, history.responded ? 1 : 0);
      if (writer.runEnded) break;
    }
    await runs.commitExtraction(runId, partition, await writer.finish(), clock.now());
    // Whoever ended the run removed its rows, but for those that were written after that.
    if ((await runs.get(runId)).status !== 'RUNNING') await this.deps.rows.deleteRun(runId);
  }
}

interface Buffer {
  readonly stream: RowStream;
  readonly split: RowSplit;
  readonly width: number;
  readonly values: Float64Array;
  rows: number;
  chunks: number;
}

class ChunkWriter {
  private readonly attempt: string;
  private readonly buffers = new Map<string, Buffer>();
  private dropped = 0;
  /** Seen at the last chunk: reading on is of no use. */
  runEnded = false;

  constructor(
    private readonly deps: ExtractRowsDeps,
    private readonly run: TrainingRun,
    private readonly partition: number,
  ) {
    this.attempt = deps.newId();
  }

  async add(stream: RowStream, split: RowSplit, features: Float64Array, response?: number): Promise<void> {
    const buffer = this.bufferOf(stream, split);
    const at = (buffer.rows % CHUNK_ROWS) * buffer.width;
    buffer.values.set(features, at);
    if (response !== undefined) buffer.values[at + features.length] = response;
    buffer.rows++;
    if (buffer.rows % CHUNK_ROWS === 0) await this.flush(buffer, CHUNK_ROWS);
  }

  drop(): void {
    this.dropped++;
  }

  async finish(): Promise<ExtractedPartition> {
    for (const buffer of this.buffers.values()) {
      const left = buffer.rows % CHUNK_ROWS;
      if (left > 0) await this.flush(buffer, left);
    }
    const rows = (stream: RowStream, split: RowSplit): number => this.buffers.get(`${stream}/${split}`)?.rows ?? 0;
    return {
      attempt: this.attempt,
      ...{ train: rows('FEATURES', 'TRAIN'), tune: rows('FEATURES', 'TUNE'), test: rows('FEATURES', 'TEST') },
      dropped: this.dropped,
      responses: { TRAIN: rows('RESPONSES', 'TRAIN'), TUNE: rows('RESPONSES', 'TUNE'), TEST: rows('RESPONSES', 'TEST') },
    };
  }

  private bufferOf(stream: RowStream, split: RowSplit): Buffer {
    const key = `${stream}/${split}`;
    const held = this.buffers.get(key);
    if (held !== undefined) return held;
    const width = this.run.featureNames.length + (stream === 'RESPONSES' ? 1 : 0);
    const buffer = { stream, split, width, values: new Float64Array(CHUNK_ROWS * width), rows: 0, chunks: 0 };
    this.buffers.set(key, buffer);
    return buffer;
  }

  private async flush(buffer: Buffer, rows: number): Promise<void> {
    const { deps, run, partition, attempt } = this;
    const { stream, split, width } = buffer;
    const values = buffer.values.slice(0, rows * width);
    await deps.rows.save({ runId: run.id, partition, attempt, stream, split, number: buffer.chunks++, values });
    await deps.runs.touch(run.id, deps.clock.now());
    this.runEnded = (await deps.runs.get(run.id)).status !== 'RUNNING';
  }
}
