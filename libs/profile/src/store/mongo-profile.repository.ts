import mongoose, { type ClientSession } from 'mongoose';
import type { Clock, VisitorHash, VisitorId } from '@vitrine/kernel';
import type { ErasedIdentity, ProfileQuery, ProfileRepository, ProfileTransaction } from '../application/profile.repository';
import { isForgetful } from '../domain/profile';
import type { Consent, Profile } from '../domain/types';
import type { LearnedEvent } from '../domain/unmerge';
import { LearnedEvents } from './learned-events';
import { MongoTombstones } from './mongo-tombstones';
import { openFields } from './personal-fields';
import { listProfiles } from './profile-listing.query';
import { toProfile } from './profile.mapper';
import {
  asDependencyError,
  claimAliases,
  findProfiles,
  findRecordedConsent,
  mergedConsent,
  staleWrite,
  writeProfile,
} from './profile-rows';
import { profileTables, type ProfileDoc, type ProfileTables, type ProfileTablesDeps } from './profile.schema';
import { TurnTaking } from './turn-taking';

export interface MongoProfileDeps extends ProfileTablesDeps {
  readonly clock: Clock;
  /** Whether decisions must know refusals of people without a profile: true where the default is GRANTED. */
  readonly loadRefusals: boolean;
}

export interface LoadedVisitors {
  readonly profiles: ReadonlyMap<VisitorId, Profile>;
  /** Of strangers only. */
  readonly consents: ReadonlyMap<VisitorId, Consent>;
}

/** What changed since a moment, for caches that may have missed a notice. */
export interface ProfileChange {
  readonly id: string;
  readonly version: number;
  readonly aliases: readonly string[];
  readonly updatedAt: number;
}

export class MongoProfileRepository implements ProfileRepository {
  private readonly tables: ProfileTables;
  private readonly turns = new TurnTaking();

  constructor(private readonly deps: MongoProfileDeps) {
    this.tables = profileTables(deps);
  }

  async transaction<T>(work: (tx: ProfileTransaction) => Promise<T>, about: readonly VisitorId[] = []): Promise<T> {
    const { connection } = this.deps;
    try {
      return await this.turns.run(about, () =>
        connection.transaction((session) => work(new MongoProfileTransaction(this.tables, this.deps.clock, session))),
      );
    } catch (cause) {
      throw asDependencyError(cause);
    }
  }

  async find(visitorId: VisitorId): Promise<Profile | null> {
    return (await findProfiles(this.tables, [visitorId], { session: null })).get(visitorId) ?? null;
  }

  /** Profiles by any id in one query, and a second one only for what strangers said, where the default makes that matter. */
  async load(visitorIds: readonly VisitorId[], maxTimeMs: number): Promise<LoadedVisitors> {
    const profiles = await findProfiles(this.tables, visitorIds, { session: null, maxTimeMs });
    if (!this.deps.loadRefusals) return { profiles, consents: new Map() };
    const strangers = visitorIds.filter((id) => !profiles.has(id));
    return { profiles, consents: await findRecordedConsent(this.tables, strangers, null) };
  }

  async list(query: ProfileQuery): Promise<readonly Profile[]> {
    return (await listProfiles(this.tables.models, query)).map((row) => toProfile(row, this.tables.sealer));
  }

  /** Profiles written at or after `sinceMs` by the writers' clocks, oldest write first. */
  async changedSince(sinceMs: number, limit: number): Promise<readonly ProfileChange[]> {
    const rows = await this.tables.models.profiles
      .find({ updatedAt: mongoose.trusted({ $gte: sinceMs }) }, { version: 1, personal: 1, updatedAt: 1 })
      .sort({ updatedAt: 1 })
      .limit(limit)
      .lean<Pick<ProfileDoc, '_id' | 'version' | 'personal' | 'updatedAt'>[]>()
      .exec();
    return rows.map((row) => {
      const { _id: id, version, updatedAt } = row;
      return { id, version, aliases: openFields(this.tables.sealer, row).aliases, updatedAt };
    });
  }
}

class MongoProfileTransaction implements ProfileTransaction {
  private readonly tombstones: MongoTombstones;
  private readonly learnedEvents: LearnedEvents;

  constructor(
    private readonly tables: ProfileTables,
    private readonly clock: Clock,
    private readonly session: ClientSession,
  ) {
    this.tombstones = new MongoTombstones(tables.models.connection);
    this.learnedEvents = new LearnedEvents(tables.models.connection);
  }

  async known(visitorIds: readonly VisitorId[]): Promise<{ profiles: readonly Profile[]; recordedConsent: Consent }> {
    const found = await findProfiles(this.tables, visitorIds, { session: this.session });
    const strangers = visitorIds.filter((id) => !found.has(id));
    const recorded = await findRecordedConsent(this.tables, strangers, this.session);
    return { profiles: [...new Set(found.values())], recordedConsent: mergedConsent(recorded.values()) };
  }

  async save(write: Parameters<ProfileTransaction['save']>[0]): Promise<void> {
    await writeProfile(this.tables, write, this.session);
    if (isForgetful(write.profile)) await this.learnedEvents.forget(this.session, this.hashesOf(write.profile.aliases));
    const claims = [{ profileId: write.profile.id, aliases: write.claimed }];
    await claimAliases(this.tables, claims, { session: this.session, at: new Date(this.clock.now()) });
  }

  learned(visitorIds: readonly VisitorId[]): Promise<readonly LearnedEvent[]> {
    return this.learnedEvents.find(this.session, this.hashesOf(visitorIds));
  }

  private hashesOf(visitorIds: readonly VisitorId[]): readonly VisitorHash[] {
    return visitorIds.map((id) => this.tables.hasher.hash(id));
  }

  async remove(id: string, version: number): Promise<void> {
    const { deletedCount } = await this.tables.models.profiles.deleteOne({ _id: id, version }, { session: this.session }).exec();
    if (deletedCount !== 1) throw staleWrite();
  }

  async erase(burial: Parameters<ProfileTransaction['erase']>[0]): Promise<ErasedIdentity> {
    const { profile, hashes } = burial;
    const { session } = this;
    const { aliases: ids, consents: said } = this.tables.models;
    if (profile !== null) await this.remove(profile.id, profile.version);
    const aliases = profile === null ? 0 : (await ids.deleteMany({ profileId: profile.id }, { session }).exec()).deletedCount;
    const consents = await said.deleteMany({ _id: mongoose.trusted({ $in: [...hashes] }) }, { session }).exec();
    await this.tombstones.put(session, burial);
    return { profiles: profile === null ? 0 : 1, aliases, consents: consents.deletedCount };
  }

  async recordConsent(visitorId: VisitorId, consent: Consent): Promise<void> {
    const record = { $set: { consent, movedAt: null } };
    const { models, hasher } = this.tables;
    await models.consents.updateOne({ _id: hasher.hash(visitorId) }, record, { upsert: true, session: this.session }).exec();
  }
}
