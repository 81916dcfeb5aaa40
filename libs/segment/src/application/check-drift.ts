import { DomainError, type Clock } from '@vitrine/kernel';
import { measureDrift } from '../domain/drift';
import { createAssigner, isRunnable } from '../domain/segment-assigner';
import { eachRow } from '../domain/training/describe-segments';
import { numericTable } from '../domain/training/labelled-table';
import type { DriftCheck, DriftRepository, ProfileRowSource, SegmentModelRepository, TrainingRunRepository } from './training-ports';
import type { TrainingStarter } from './training-starter';

export interface CheckDriftDeps {
  readonly models: Pick<SegmentModelRepository, 'findPublished'>;
  readonly profiles: ProfileRowSource;
  readonly checks: DriftRepository;
  readonly starter: Pick<TrainingStarter, 'start'>;
  readonly runs: Pick<TrainingRunRepository, 'list'>;
  readonly clock: Clock;
  /** Fewer people say nothing. */
  readonly minRows: number;
}

/** People that are looked at: enough for an index of 0.25 over ten bins to be no chance. */
const SAMPLE_ROWS = 5_000;
/** Profiles are read as one of so many parts, so that the sample is drawn by hash from all over. */
const PROBE_PARTS = 64;
/**
 * No training starts by drift so soon after another one began: where nobody comes, everybody's last visit moves away day by day, and the gate may
 * refuse what is learned from that again and again.
 */
const REST_MS = 60 * 60_000;

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
    if (model === null || !isRunnable(model)) return null;
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

  /** Part of a hundred or so people says how many there are; then one part of all that is about as large as the sample. */
  private async sample(columns: number): Promise<Float64Array> {
    const probe = await this.readPart(columns, PROBE_PARTS);
    const estimate = (probe.length / columns) * PROBE_PARTS;
    const parts = Math.max(1, Math.floor(estimate / SAMPLE_ROWS));
    return Float64Array.from(parts >= PROBE_PARTS ? probe : await this.readPart(columns, parts));
  }

  private async readPart(columns: number, partitions: number): Promise<readonly number[]> {
    const { profiles, clock } = this.deps;
    const slice = { partition: 0, partitions, purpose: 'TRAINING', after: null, asOf: clock.now() } as const;
    const values: number[] = [];
    for await (const { features } of profiles.read(slice)) {
      if (features.length !== columns) continue;
      for (const value of features) values.push(value);
      if (values.length >= 2 * SAMPLE_ROWS * columns) break;
    }
    return values;
  }

  /** A training that is active already will see the same people. */
  private async retrain(): Promise<string | null> {
    const [newest] = await this.deps.runs.list(1, null);
    if (newest !== undefined && this.deps.clock.now() - newest.startedAt < REST_MS) return null;
    try {
      return (await this.deps.starter.start({ trigger: 'DRIFT' })).id;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'STALE_WRITE') return null;
      throw error;
    }
  }
}
