import { trusted, type Connection } from 'mongoose';
import type { Clock } from '@vitrine/kernel';
import { profileModels, type ProfileDoc } from './profile.schema';

export interface ExpireProfilesDeps {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly keptDays: number;
}

const DAY_MS = 86_400_000;
const BATCH = 500;

/**
 * Removes profiles of people who were not seen for long, with their ids and what they said: an index that expires rows could not take the
 * ids along. Somebody who is seen while this runs keeps theirs.
 */
export class ExpireProfiles {
  constructor(private readonly deps: ExpireProfilesDeps) {}

  /** @returns ids of the profiles that went, with the revision to announce; at most a batch, so ask again while there are any */
  async execute(): Promise<readonly { readonly id: string; readonly revision: number }[]> {
    const { connection, clock, keptDays } = this.deps;
    const before = clock.now() - keptDays * DAY_MS;
    const { profiles, aliases } = profileModels(connection);
    const unseen = { seenAt: trusted({ $lt: before }), createdAt: trusted({ $lt: before }), clientAt: trusted({ $lt: before }) };
    const rows = await profiles
      .find(unseen, { version: 1 })
      .sort({ seenAt: 1, _id: 1 })
      .limit(BATCH)
      .lean<Pick<ProfileDoc, '_id' | 'version'>[]>()
      .exec();
    const gone: { id: string; revision: number }[] = [];
    for (const { _id: id, version } of rows) {
      const removed = await connection.transaction(async (session) => {
        const { deletedCount } = await profiles.deleteOne({ _id: id, version }, { session }).exec();
        if (deletedCount === 1) await aliases.deleteMany({ profileId: id }, { session }).exec();
        return deletedCount === 1;
      });
      if (removed) gone.push({ id, revision: version + 1 });
    }
    return gone;
  }
}
