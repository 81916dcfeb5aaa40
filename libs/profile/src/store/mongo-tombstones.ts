import { trusted, type ClientSession, type Connection } from 'mongoose';
import { visitorHash, type VisitorHash } from '@vitrine/kernel';
import { SETTLING_MS } from '../application/erase-profile';
import type { BuriedPerson, TombstoneKeeper } from '../application/sweep-erasures';
import type { Burial } from '../application/profile.repository';
import { profileModels, type ConsentDoc, type ProfileAliasDoc } from './profile.schema';

export const ERASURES = 'erasures';
/** A profile that a transaction of before created is this young: none lives nearly as long. */
const BIRTH_MS = SETTLING_MS + 60_000;

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

  async due(nowMs: number, limit: number): Promise<readonly BuriedPerson[]> {
    const people = await this.docs()
      .aggregate<{ readonly _id: string; readonly hashes: readonly string[]; readonly until: Date }>([
        { $match: { sweepAt: { $gt: new Date(0), $lte: new Date(nowMs) } } },
        { $group: { _id: '$erasureId', hashes: { $push: '$_id' }, until: { $max: '$until' }, due: { $min: '$sweepAt' } } },
        { $sort: { due: 1 } },
        { $limit: limit },
      ])
      .toArray();
    return people.map(({ _id: erasureId, hashes, until }) => ({ erasureId, hashes: hashes.map(visitorHash), until: until.getTime() }));
  }

  /**
   * A profile that was born while its person was erased. An older one that has an id of theirs is somebody else's, who was linked with it
   * afterwards; so is one that has other ids too.
   */
  async eraseIdentity({ hashes, until }: BuriedPerson): Promise<number> {
    const { profiles, aliases, consents } = profileModels(this.connection);
    const own = { _id: trusted({ $in: [...hashes] }) };
    const claimed = await aliases.find(own).lean<ProfileAliasDoc[]>().exec();
    let rows = 0;
    for (const profileId of new Set(claimed.map((alias) => alias.profileId))) {
      rows += await this.connection.transaction(async (session) => {
        const all = await aliases.find({ profileId }, null, { session }).lean<ProfileAliasDoc[]>().exec();
        if (all.some(({ _id }) => !hashes.some((hash) => hash === _id))) return 0;
        const born = { _id: profileId, createdAt: trusted({ $gt: until - BIRTH_MS, $lte: until }) };
        const { deletedCount } = await profiles.deleteOne(born, { session }).exec();
        return deletedCount === 0 ? 0 : deletedCount + (await aliases.deleteMany({ profileId }, { session }).exec()).deletedCount;
      });
    }
    const said = (await consents.find(own).lean<ConsentDoc[]>().exec()).filter((row) => saidBefore(row, until - SETTLING_MS));
    const gone = { _id: trusted({ $in: said.map(({ _id }) => _id) }) };
    return rows + (await consents.deleteMany(gone).exec()).deletedCount;
  }

  async swept(erasureId: string, next: number | null): Promise<void> {
    await this.docs().updateMany({ erasureId }, { $set: { sweepAt: next === null ? null : new Date(next) } });
  }

  private docs() {
    return this.connection.collection<TombstoneDoc>(ERASURES);
  }
}

/** What somebody said after they were erased stays: consent is stamped by our own clock. */
function saidBefore({ consent, movedAt }: ConsentDoc, until: number): boolean {
  const times = Object.values(consent).map(({ at }) => at);
  return Math.max(movedAt?.getTime() ?? 0, ...times) <= until;
}
