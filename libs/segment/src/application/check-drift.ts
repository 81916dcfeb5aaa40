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
/** The first part of so many shows how many people there are, so that the sample is drawn by hash from all over. */
const PARTS = 64;
/**
 * No training starts by drift so soon after another one began: where nobody comes for a while, everybody's last visit moves away from one look to
 * the next, and every version would drift at once.
 */
const REST_MS = 60 * 60_000;

/**
 * Compares the people of now with those that the live model was trained on, and starts a training when they are others: one for each
 * version that goes live. Where the gate refused it, or somebody cancelled it or went back, another one would come to the same; the
 * schedule goes on. Rows and model are read under the rules of training: only people who agreed to it count.
 */
export class CheckDrift {
  constructor(private readonly deps: CheckDriftDeps) {}

  /** @returns with the run that was started now, if any; null while there is no model, or too few people, to compare */
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
    const former = await checks.find();
    const retrained = former?.modelVersion === model.version && former.retrained;
    const check = { ...report, modelVersion: model.version, checkedAt: clock.now(), retrained };
    await checks.save(check);
    const runId = report.drifted && !retrained ? await this.retrain() : null;
    if (runId === null) return { ...check, runId };
    await checks.save({ ...check, retrained: true });
    return { ...check, retrained: true, runId };
  }

  /** At most two readings of all profiles, however few of them agreed to training. */
  private async sample(columns: number): Promise<Float64Array> {
    const part = await this.read(columns, PARTS);
    if (part.length >= SAMPLE_ROWS * columns) return Float64Array.from(part);
    const parts = Math.floor((PARTS * part.length) / columns / SAMPLE_ROWS);
    return Float64Array.from(await this.read(columns, Math.max(1, parts)));
  }

  private async read(columns: number, partitions: number): Promise<readonly number[]> {
    const { profiles, clock } = this.deps;
    const values: number[] = [];
    for await (const { features } of profiles.read({ partition: 0, partitions, purpose: 'TRAINING', after: null, asOf: clock.now() })) {
      if (features.length !== columns) continue;
      for (const value of features) values.push(value);
      if (values.length >= SAMPLE_ROWS * columns) break;
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
