import { trusted, type Connection } from 'mongoose';
import type { Clock } from '@vitrine/kernel';
import { profileModels, type ProfileAliasDoc, type ProfileDoc } from './profile.schema';

export interface ExpireProfilesDeps {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly keptDays: number;
}

type Row = Pick<ProfileDoc, '_id' | 'version' | 'consent'>;

const DAY_MS = 86_400_000;
const BATCH = 500;

/**
 * Removes profiles of people who were not seen for long, with their ids: an index that expires rows could not take the
 * ids along. Somebody who is seen while this runs keeps theirs. What a person refused outlives the profile, under the hashes of their ids.
 */
export class ExpireProfiles {
  constructor(private readonly deps: ExpireProfilesDeps) {}

  /** @returns ids of the profiles that went, with the revision to announce; at most a batch, so ask again while there are any */
  async execute(): Promise<readonly { readonly id: string; readonly revision: number }[]> {
    const { connection, clock, keptDays } = this.deps;
    const before = clock.now() - keptDays * DAY_MS;
    const { profiles } = profileModels(connection);
    const unseen = { seenAt: trusted({ $lt: before }), createdAt: trusted({ $lt: before }), clientAt: trusted({ $lt: before }) };
    const rows = await profiles.find(unseen, { version: 1, consent: 1 }).sort({ seenAt: 1, _id: 1 }).limit(BATCH).lean<Row[]>().exec();
    const gone: { id: string; revision: number }[] = [];
    for (const row of rows) if (await this.remove(row)) gone.push({ id: row._id, revision: row.version + 1 });
    return gone;
  }

  private remove({ _id: profileId, version, consent }: Row): Promise<boolean> {
    const { connection } = this.deps;
    const { profiles, aliases, consents } = profileModels(connection);
    return connection.transaction(async (session) => {
      const { deletedCount } = await profiles.deleteOne({ _id: profileId, version }, { session }).exec();
      if (deletedCount === 0) return false;
      const ids = await aliases.find({ profileId }, null, { session }).lean<ProfileAliasDoc[]>().exec();
      await aliases.deleteMany({ profileId }, { session }).exec();
      if (Object.values(consent).some(({ status }) => status !== 'GRANTED')) {
        const said = ids.map(({ _id }) => ({ updateOne: { filter: { _id }, update: { $set: { consent, movedAt: null } }, upsert: true } }));
        await consents.bulkWrite(said, { session });
      }
      return true;
    });
  }
}
