import type { Clock } from '@vitrine/kernel';
import { ROW_SPLITS, splitOf, type RowSplit } from '../domain/row-split';
import type { ExtractedPartition, TrainingRun } from '../domain/training-run';
import type { ProfileRowSource, TrainingRowRepository, TrainingRunRepository } from './training-ports';

export interface ExtractRowsDeps {
  readonly runs: TrainingRunRepository;
  readonly rows: TrainingRowRepository;
  readonly profiles: ProfileRowSource;
  readonly clock: Clock;
  readonly newId: () => string;
}

const CHUNK_ROWS = 500;

/**
 * Copies the feature rows of one partition's TRAINING-consented profiles into the run, split by hash. Running it again does nothing once
 * a partition is committed; an attempt that died leaves rows that nobody reads, under its own attempt id.
 */
export class ExtractRows {
  constructor(private readonly deps: ExtractRowsDeps) {}

  async execute(runId: string, partition: number): Promise<void> {
    const { runs, profiles, clock } = this.deps;
    const run = await runs.get(runId);
    if (run.status !== 'RUNNING' || run.extracted[partition] !== undefined) return;
    const writer = new ChunkWriter(this.deps, run, partition);
    const slice = { partition, partitions: run.partitions, purpose: 'TRAINING', after: null, asOf: run.startedAt } as const;
    for await (const { profileId, features } of profiles.read(slice)) {
      if (features.length === run.featureNames.length && features.every(Number.isFinite))
        await writer.add(splitOf(profileId, run.seed), features);
      else writer.drop();
    }
    await runs.commitExtraction(runId, partition, await writer.finish(), clock.now());
  }
}

interface SplitBuffer {
  readonly values: Float64Array;
  rows: number;
  chunks: number;
}

class ChunkWriter {
  private readonly attempt: string;
  private readonly buffers: Readonly<Record<RowSplit, SplitBuffer>>;
  private readonly columns: number;
  private dropped = 0;

  constructor(
    private readonly deps: ExtractRowsDeps,
    private readonly run: TrainingRun,
    private readonly partition: number,
  ) {
    this.attempt = deps.newId();
    this.columns = run.featureNames.length;
    const buffer = (): SplitBuffer => ({ values: new Float64Array(CHUNK_ROWS * this.columns), rows: 0, chunks: 0 });
    this.buffers = { TRAIN: buffer(), TUNE: buffer(), TEST: buffer() };
  }

  async add(split: RowSplit, features: Float64Array): Promise<void> {
    const buffer = this.buffers[split];
    buffer.values.set(features, (buffer.rows % CHUNK_ROWS) * this.columns);
    buffer.rows++;
    if (buffer.rows % CHUNK_ROWS === 0) await this.flush(split, CHUNK_ROWS);
  }

  drop(): void {
    this.dropped++;
  }

  async finish(): Promise<ExtractedPartition> {
    for (const split of ROW_SPLITS) {
      const left = this.buffers[split].rows % CHUNK_ROWS;
      if (left > 0) await this.flush(split, left);
    }
    const { TRAIN, TUNE, TEST } = this.buffers;
    return { attempt: this.attempt, train: TRAIN.rows, tune: TUNE.rows, test: TEST.rows, dropped: this.dropped };
  }

  private async flush(split: RowSplit, rows: number): Promise<void> {
    const { deps, run, partition, attempt } = this;
    const buffer = this.buffers[split];
    const values = buffer.values.slice(0, rows * this.columns);
    await deps.rows.save({ runId: run.id, partition, attempt, split, number: buffer.chunks++, values });
    await deps.runs.touch(run.id, deps.clock.now());
  }
}
