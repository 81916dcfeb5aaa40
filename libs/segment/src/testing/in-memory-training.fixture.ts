import { DomainError, murmur3, type Clock } from '@vitrine/kernel';
import type {
  ProfileHistory,
  ProfileRow,
  ProfileRowSource,
  ProfileSlice,
  SegmentAssignment,
  SegmentMembershipSink,
  TrainingQueue,
} from '../application/training-ports';
import type { ResponseWindow } from '../domain/response-window';

export interface FakeProfile extends Omit<ProfileRow, 'history'> {
  readonly consent: readonly ProfileSlice['purpose'][];
  /** What the person did in a window that is asked for. */
  readonly historyOf?: (window: ResponseWindow) => ProfileHistory | null;
}

/** Profiles in memory, read as the port promises: by partition, in order of id, only those that agreed. */
export class FakeProfiles implements ProfileRowSource {
  reads = 0;
  /** Breaks a read off after this many rows, as a killed worker would. */
  dieAfter: number | null = null;

  constructor(readonly all: readonly FakeProfile[]) {}

  async *read({ partition, partitions, purpose, after, windowOf }: ProfileSlice): AsyncIterable<ProfileRow> {
    await Promise.resolve();
    this.reads++;
    const mine = this.all.filter(({ profileId, consent }) => murmur3(profileId) % partitions === partition && consent.includes(purpose));
    const ordered = mine
      .filter(({ profileId }) => after === null || profileId > after)
      .toSorted((a, b) => (a.profileId < b.profileId ? -1 : 1));
    let left = this.dieAfter ?? Number.POSITIVE_INFINITY;
    for (const { historyOf, ...row } of ordered) {
      if (left-- === 0) throw new DomainError('DEPENDENCY_UNAVAILABLE', 'the worker died');
      const window = windowOf?.(row.profileId) ?? null;
      yield { ...row, history: window === null ? null : (historyOf?.(window) ?? null) };
    }
  }
}

/** Remembers the latest segment of each profile, newest model first, and how often it was told. */
export class FakeMemberships implements SegmentMembershipSink {
  readonly byProfile = new Map<string, SegmentAssignment>();
  told = 0;

  assign(assignments: readonly SegmentAssignment[]): Promise<void> {
    for (const assignment of assignments) {
      this.told++;
      const held = this.byProfile.get(assignment.profileId);
      if (held === undefined || held.modelVersion <= assignment.modelVersion) this.byProfile.set(assignment.profileId, assignment);
    }
    return Promise.resolve();
  }
}

/** Ids that tell attempts apart. */
export function countingIds(prefix: string): () => string {
  let count = 0;
  return () => `${prefix}-${++count}`;
}

export const frozenClock = (now: number): Clock => ({ now: () => now });

/** Queues nothing and remembers what it was asked for. */
export class RecordedQueue implements TrainingQueue {
  readonly asked: string[] = [];

  enqueueTraining(runId: string, partitions: number): Promise<void> {
    return this.note(`training ${runId} ${partitions}`);
  }

  enqueueRung(runId: string, rung: number, configurations: readonly number[]): Promise<void> {
    return this.note(`rung ${runId} ${rung}: ${configurations.join(' ')}`);
  }

  enqueueFit(runId: string): Promise<void> {
    return this.note(`fit ${runId}`);
  }

  enqueueAssignment(runId: string, partitions: number): Promise<void> {
    return this.note(`assignment ${runId} ${partitions}`);
  }

  private note(what: string): Promise<void> {
    this.asked.push(what);
    return Promise.resolve();
  }
}
