import type { ClientSession, Connection } from 'mongoose';
import { visitorHash, type VisitorHash } from '@vitrine/kernel';
import type { PersonalData } from '../application/personal-data';
import type { ProfileEvent } from '../domain/profile-event';
import type { Purpose } from '../domain/types';
import type { LearnedEvent } from '../domain/unmerge';

export const LEARNED_EVENTS = 'profile_events';

/** What a profile learned of one event; `profiles` hold the sums. */
export interface LearnedEventDoc {
  /** Keyed hash of the id that sent the event: merging people moves no row, and parting them finds each one's. */
  readonly visitorHash: string;
  readonly event: ProfileEvent;
  readonly purposes: readonly Purpose[];
  /** When it was learned. */
  readonly at: Date;
}

/** `profile_events`: written in the transaction that changes the profile, and forgotten with it. */
export class LearnedEvents {
  constructor(private readonly connection: Connection) {}

  async add(session: ClientSession, learned: readonly LearnedEvent[], at: Date): Promise<void> {
    if (learned.length === 0) return;
    await this.rows().insertMany(
      learned.map(({ visitorHash: hash, event, purposes }) => ({ visitorHash: hash, event, purposes, at })),
      { session },
    );
  }

  async find(session: ClientSession, hashes: readonly VisitorHash[]): Promise<readonly LearnedEvent[]> {
    const rows = await this.rows()
      .find({ visitorHash: { $in: [...hashes] } }, { session })
      .toArray();
    return rows.map((row) => ({ visitorHash: visitorHash(row.visitorHash), event: row.event, purposes: row.purposes }));
  }

  async forget(session: ClientSession, hashes: readonly VisitorHash[]): Promise<void> {
    await this.rows().deleteMany({ visitorHash: { $in: [...hashes] } }, { session });
  }

  private rows() {
    return this.connection.collection<LearnedEventDoc>(LEARNED_EVENTS);
  }
}

/** The same rows as a place where data of people lies. */
export function heldLearnedEvents(connection: Connection): PersonalData {
  const rows = connection.collection<LearnedEventDoc>(LEARNED_EVENTS);
  return {
    name: 'learned events',
    read: ({ hashes }) =>
      rows
        .find({ visitorHash: { $in: [...hashes] } })
        .sort({ at: 1 })
        .toArray(),
    erase: async ({ hashes, until }) => {
      const { deletedCount } = await rows.deleteMany({ visitorHash: { $in: [...hashes] }, at: { $lte: new Date(until) } });
      return { removed: deletedCount };
    },
  };
}
