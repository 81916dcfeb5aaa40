import { trusted, type ClientSession, type Connection } from 'mongoose';
import { visitorHash, type VisitorHash } from '@vitrine/kernel';
import type { BuriedPerson, TombstoneKeeper } from '../application/sweep-erasures';
import type { Burial } from '../application/profile.repository';
import { profileModels, type ConsentDoc, type ProfileAliasDoc, type ProfileDoc } from './profile.schema';

export const ERASURES = 'erasures';

/** Remembers that somebody was erased, by a keyed hash and for as long as anything of theirs may be outstanding. */
export interface TombstoneDoc {
  /** The keyed visitor hash. */
  readonly _id: string;
  readonly erasureId: string;
  /** What happened up to here is gone. */
  readonly until: Date;
  readonly expiresAt: Date;
  /** When to look again for what was under way; null for never. */
  readonly sweepAt: Date | null;
}

/** `erasures`. */
export class MongoTombstones implements TombstoneKeeper {
  constructor(private readonly connection: Connection) {}

  /**
   * Which of these hashes are of people who were erased, and up to when.
   *
   * @param session null reads outside of a transaction
   * @returns ms since the epoch by hash
   */
  async find(session: ClientSession | null, hashes: readonly VisitorHash[]): Promise<ReadonlyMap<VisitorHash, number>> {
    if (hashes.length === 0) return new Map();
    const rows = await this.docs()
      .find({ _id: { $in: [...hashes] } }, { projection: { until: 1 }, ...(session === null ? {} : { session }) })
      .toArray();
    return new Map(rows.map(({ _id, until }) => [visitorHash(_id), until.getTime()]));
  }

  async put(session: ClientSession, { hashes, erasureId, until, expiresAt, sweepAt }: Burial): Promise<void> {
    const row = { erasureId, until: new Date(until), expiresAt: new Date(expiresAt), sweepAt: new Date(sweepAt) };
    await this.docs().bulkWrite(
      hashes.map((hash) => ({ updateOne: { filter: { _id: hash }, update: { $set: row }, upsert: true } })),
      { session },
    );
  }

  async buriedWith(session: ClientSession, hashes: readonly VisitorHash[]): Promise<readonly VisitorHash[]> {
    const erasureIds = await this.docs().distinct('erasureId', { _id: { $in: [...hashes] } }, { session });
    if (erasureIds.length === 0) return [];
    const rows = await this.docs()
      .find({ erasureId: { $in: erasureIds } }, { session })
      .toArray();
    return rows.map(({ _id }) => visitorHash(_id));
  }

  async due(nowMs: number, limit: number): Promise<readonly BuriedPerson[]> {
    const people = await this.docs()
      .aggregate<{ readonly _id: string; readonly hashes: readonly string[]; readonly until: Date }>([
        { $match: { sweepAt: { $gt: new Date(0), $lte: new Date(nowMs) } } },
        { $group: { _id: '$erasureId', hashes: { $push: '$_id' }, until: { $max: '$until' } } },
        { $limit: limit },
      ])
      .toArray();
    return people.map(({ _id: erasureId, hashes, until }) => ({ erasureId, hashes: hashes.map(visitorHash), until: until.getTime() }));
  }

  async eraseIdentity({ hashes, until }: BuriedPerson): Promise<number> {
    const { profiles, aliases, consents } = profileModels(this.connection);
    const own = { _id: trusted({ $in: [...hashes] }) };
    const claimed = await aliases.find(own).lean<ProfileAliasDoc[]>().exec();
    const born = { _id: trusted({ $in: claimed.map(({ profileId }) => profileId) }), createdAt: trusted({ $lte: until }) };
    const gone = (await profiles.find(born, { _id: 1 }).lean<Pick<ProfileDoc, '_id'>[]>().exec()).map(({ _id }) => _id);
    const said = (await consents.find(own).lean<ConsentDoc[]>().exec()).filter((row) => saidBefore(row, until)).map(({ _id }) => _id);
    const deleted = [
      await profiles.deleteMany({ _id: trusted({ $in: gone }) }).exec(),
      await aliases.deleteMany({ profileId: trusted({ $in: gone }) }).exec(),
      await consents.deleteMany({ _id: trusted({ $in: said }) }).exec(),
    ];
    return deleted.reduce((sum, { deletedCount }) => sum + deletedCount, 0);
  }

  async swept(erasureId: string, next: number | null): Promise<void> {
    await this.docs().updateMany({ erasureId }, { $set: { sweepAt: next === null ? null : new Date(next) } });
  }

  private docs() {
    return this.connection.collection<TombstoneDoc>(ERASURES);
  }
}

/** What somebody who came back said stays. */
function saidBefore({ consent, movedAt }: ConsentDoc, until: number): boolean {
  const times = Object.values(consent).map(({ at }) => at);
  return Math.max(movedAt?.getTime() ?? 0, ...times) <= until;
}
