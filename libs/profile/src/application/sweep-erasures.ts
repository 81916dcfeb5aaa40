import type { Clock, VisitorHash } from '@vitrine/kernel';
import { eraseFromPlaces } from './erase-from-places';
import type { PersonalData } from './personal-data';

/** Tombstones that belong together. */
export interface BuriedPerson {
  readonly erasureId: string;
  readonly hashes: readonly VisitorHash[];
  /** ms since the epoch. */
  readonly until: number;
}

export interface TombstoneKeeper {
  /** Erasures to look after at `nowMs`, at most `limit`. */
  due(nowMs: number, limit: number): Promise<readonly BuriedPerson[]>;
  /** Removes profiles, ids and consent that were on their way. @returns how many rows */
  eraseIdentity(person: BuriedPerson): Promise<number>;
  /** @param next when to look again; null for never */
  swept(erasureId: string, next: number | null): Promise<void>;
}

export interface SweepErasuresDeps {
  readonly tombstones: TombstoneKeeper;
  readonly places: readonly PersonalData[];
  readonly clock: Clock;
  /** Told of an erasure that could not be looked after; it is tried again. */
  readonly failed: (error: unknown) => void;
}

const LIMIT = 20;
const RETRY_MS = 60_000;
/** How long after an erasure the last look is taken: by then a job that hung has run or failed. */
const LAST_SWEEP_MS = 10 * 60_000;

/**
 * Looks after erasures: what was under way while they ran (transactions, jobs, buffers of other processes) and what a crash left undone.
 * Knows hashes only.
 */
export class SweepErasures {
  constructor(private readonly deps: SweepErasuresDeps) {}

  /** @returns rows that were still there */
  async execute(): Promise<number> {
    const { tombstones, clock } = this.deps;
    let rows = 0;
    for (const person of await tombstones.due(clock.now(), LIMIT)) {
      const { erasureId, until } = person;
      try {
        rows += await this.sweep(person);
        await tombstones.swept(erasureId, clock.now() < until + LAST_SWEEP_MS ? until + LAST_SWEEP_MS : null);
      } catch (error) {
        this.deps.failed(error);
        await tombstones.swept(erasureId, clock.now() + RETRY_MS); // the others do not wait for this one
      }
    }
    return rows;
  }

  private async sweep(person: BuriedPerson): Promise<number> {
    const { hashes, until } = person;
    const rows = await this.deps.tombstones.eraseIdentity(person);
    const { removed } = await eraseFromPlaces(this.deps.places, { profileId: null, visitorIds: [], hashes, profile: null, until });
    return removed.reduce((sum, { count }) => sum + count, rows);
  }
}
