import { DomainError, type Clock } from '@vitrine/kernel';
import { createAssigner } from '../domain/segment-assigner';
import type { AssignedPartition } from '../domain/training-run';
import type { SegmentAssigner } from '../domain/types';
import type {
  ProfileRow,
  ProfileRowSource,
  SegmentAssignment,
  SegmentMembershipSink,
  SegmentModelRepository,
  TrainingRunRepository,
} from './training-ports';

export interface AssignPartitionDeps {
  readonly runs: TrainingRunRepository;
  readonly models: SegmentModelRepository;
  readonly profiles: ProfileRowSource;
  readonly memberships: SegmentMembershipSink;
  readonly clock: Clock;
}

const BATCH = 500;

/**
 * Gives the profiles of one partition (those that agreed to personalization) the segment of a published model. Notes after every batch how
 * far it came, together with the counts up to there, so a rerun goes on from the last note and repeats at most one batch.
 */
export class AssignPartition {
  constructor(private readonly deps: AssignPartitionDeps) {}

  /** @throws DomainError NOT_FOUND when the run, or its model, is not there */
  async execute(runId: string, partition: number): Promise<void> {
    const { runs, models, profiles } = this.deps;
    const run = await runs.get(runId);
    const { modelVersion } = run;
    const model = await models.find(modelVersion);
    if (model === null) throw new DomainError('NOT_FOUND', 'no such segment model', { details: { modelVersion } });
    const state: AssignedPartition = run.assigned[partition] ?? { after: null, done: false, counts: {} };
    // A model that was replaced in the meantime is no longer worth applying; its successor's run does the same partition.
    if (run.status !== 'RUNNING' || state.done || model.status !== 'PUBLISHED') return;
    const batch = new AssignmentBatch(this.deps, { runId: run.id, partition, state, assigner: createAssigner(model) });
    const slice = {
      partition,
      partitions: run.partitions,
      purpose: 'PERSONALIZATION',
      after: state.after,
      asOf: this.deps.clock.now(),
    } as const;
    for await (const row of profiles.read(slice)) {
      await batch.add(row);
      if (batch.runEnded) return;
    }
    await batch.finish();
  }
}

interface BatchTarget {
  readonly runId: string;
  readonly partition: number;
  readonly state: AssignedPartition;
  readonly assigner: SegmentAssigner;
}

class AssignmentBatch {
  private readonly counts: Map<string, number>;
  private pending: SegmentAssignment[] = [];
  private after: string | null;
  /** Seen after the last batch: its version may be live no more, and another run may be giving people theirs. */
  runEnded = false;

  constructor(
    private readonly deps: AssignPartitionDeps,
    private readonly target: BatchTarget,
  ) {
    this.counts = new Map(Object.entries(target.state.counts));
    this.after = target.state.after;
  }

  async add({ profileId, profileVersion, features }: ProfileRow): Promise<void> {
    const { assigner } = this.target;
    const segmentId = assigner.assign(features);
    this.pending.push({ profileId, profileVersion, segmentId, modelVersion: assigner.modelVersion });
    this.counts.set(segmentId, (this.counts.get(segmentId) ?? 0) + 1);
    this.after = profileId;
    if (this.pending.length === BATCH) await this.flush(false);
  }

  finish(): Promise<void> {
    return this.flush(true);
  }

  private async flush(done: boolean): Promise<void> {
    const { runId, partition } = this.target;
    if (this.pending.length > 0) await this.deps.memberships.assign(this.pending);
    this.pending = [];
    // Whom it came to is of use while there is more to do: later it would only name somebody.
    const state = { after: done ? null : this.after, done, counts: Object.fromEntries(this.counts) };
    await this.deps.runs.saveAssignment(runId, partition, state, this.deps.clock.now());
    this.runEnded = (await this.deps.runs.get(runId)).status !== 'RUNNING';
  }
}
