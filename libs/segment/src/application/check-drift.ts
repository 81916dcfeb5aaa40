import { DomainError, type Clock } from '@vitrine/kernel';
import { measureDrift } from '../domain/drift';
import { createAssigner } from '../domain/segment-assigner';
import { eachRow } from '../domain/training/describe-segments';
import { numericTable } from '../domain/training/labelled-table';
import type { DriftCheck, DriftRepository, ProfileRowSource, SegmentModelRepository } from './training-ports';
import type { TrainingStarter } from './training-starter';

export interface CheckDriftDeps {
  readonly models: Pick<SegmentModelRepository, 'findPublished'>;
  readonly profiles: ProfileRowSource;
  readonly checks: DriftRepository;
  readonly starter: Pick<TrainingStarter, 'start'>;
  readonly clock: Clock;
  /** Fewer people say nothing. */
  readonly minRows: number;
}

/** People that are looked at: enough for an index of 0.25 over ten bins to be no chance. */
const SAMPLE_ROWS = 5_000;
/** Profiles are read as one of so many parts, so that the sample is drawn by hash from all over. */
const PARTS = 64;

/**
 * Compares the people of now with those that the live model was trained on, and starts a training when they are others. Rows and model are
 * read under the rules of training: only people who agreed to it count.
 */
export class CheckDrift {
  constructor(private readonly deps: CheckDriftDeps) {}

  /** @returns null while there is no model, or too few people, to compare */
  async execute(): Promise<(DriftCheck & { readonly runId: string | null }) | null> {
    const { models, checks, clock, minRows } = this.deps;
    const model = await models.findPublished();
    if (model === null) return null;
    const values = await this.sample(model.featureNames.length);
    const rows = values.length / model.featureNames.length;
    if (rows < minRows) return null;
    const table = numericTable(model.featureNames, values);
    const assigner = createAssigner(model);
    const report = measureDrift(
      model.reference,
      table,
      eachRow(table, (features) => assigner.assign(features)),
    );
    const check = { ...report, modelVersion: model.version, checkedAt: clock.now() };
    await checks.save(check);
    return { ...check, runId: report.drifted ? await this.retrain() : null };
  }

  private async sample(columns: number): Promise<Float64Array> {
    const { profiles, clock } = this.deps;
    const values: number[] = [];
    for (let partition = 0; partition < PARTS && values.length < SAMPLE_ROWS * columns; partition++) {
      const slice = { partition, partitions: PARTS, purpose: 'TRAINING', after: null, asOf: clock.now() } as const;
      for await (const { features } of profiles.read(slice)) {
        if (features.length !== columns) continue;
        for (const value of features) values.push(value);
        if (values.length >= SAMPLE_ROWS * columns) break;
      }
    }
    return Float64Array.from(values);
  }

  /** A training that is active already will see the same people. */
  private async retrain(): Promise<string | null> {
    try {
      return (await this.deps.starter.start({ trigger: 'DRIFT' })).id;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'STALE_WRITE') return null;
      throw error;
    }
  }
}
