import mongoose, { type ClientSession, type Connection } from 'mongoose';
import type { Clock, VisitorHash, VisitorId } from '@vitrine/kernel';
import type { ErasedIdentity, ProfileQuery, ProfileRepository, ProfileTransaction } from '../application/profile.repository';
import type { Consent, Profile, VisitorHasher } from '../domain/types';
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
import { MongoTombstones } from './mongo-tombstones';
import { profileModels, type ProfileDoc, type ProfileModels } from './profile.schema';
import { TurnTaking } from './turn-taking';

export interface MongoProfileDeps {
  readonly connection: Connection;
  readonly hasher: VisitorHasher;
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
  private readonly models: ProfileModels;
  private readonly turns = new TurnTaking();

  constructor(private readonly deps: MongoProfileDeps) {
    this.models = profileModels(deps.connection);
  }

  async transaction<T>(work: (tx: ProfileTransaction) => Promise<T>, about: readonly VisitorId[] = []): Promise<T> {
    const { connection } = this.deps;
    try {
      return await this.turns.run(about, () =>
        connection.transaction((session) => work(new MongoProfileTransaction(this.models, this.deps, session))),
      );
    } catch (cause) {
      throw asDependencyError(cause);
    }
  }

  async find(visitorId: VisitorId): Promise<Profile | null> {
    return (await findProfiles(this.models, [visitorId], { session: null })).get(visitorId) ?? null;
  }

  /** Profiles by any id in one query, and a second one only for what strangers said, where the default makes that matter. */
  async load(visitorIds: readonly VisitorId[], maxTimeMs: number): Promise<LoadedVisitors> {
    const profiles = await findProfiles(this.models, visitorIds, { session: null, maxTimeMs });
    if (!this.deps.loadRefusals) return { profiles, consents: new Map() };
    const strangers = visitorIds.filter((id) => !profiles.has(id));
    return { profiles, consents: await findRecordedConsent({ models: this.models, hasher: this.deps.hasher }, strangers, null) };
  }

  async list(query: ProfileQuery): Promise<readonly Profile[]> {
    return (await listProfiles(this.models, query)).map(toProfile);
  }

  /** Profiles written at or after `sinceMs` by the writers' clocks, oldest write first. */
  async changedSince(sinceMs: number, limit: number): Promise<readonly ProfileChange[]> {
    const rows = await this.models.profiles
      .find({ updatedAt: mongoose.trusted({ $gte: sinceMs }) }, { version: 1, aliases: 1, updatedAt: 1 })
      .sort({ updatedAt: 1 })
      .limit(limit)
      .lean<Pick<ProfileDoc, '_id' | 'version' | 'aliases' | 'updatedAt'>[]>()
      .exec();
    return rows.map(({ _id, version, aliases, updatedAt }) => ({ id: _id, version, aliases, updatedAt }));
  }
}

class MongoProfileTransaction implements ProfileTransaction {
  private readonly tombstones: MongoTombstones;

  constructor(
    private readonly models: ProfileModels,
    private readonly deps: MongoProfileDeps,
    private readonly session: ClientSession,
  ) {
    this.tombstones = new MongoTombstones(deps.connection);
  }

  async known(visitorIds: readonly VisitorId[]): Promise<{ profiles: readonly Profile[]; recordedConsent: Consent }> {
    const found = await findProfiles(this.models, visitorIds, { session: this.session });
    const strangers = visitorIds.filter((id) => !found.has(id));
    const recorded = await findRecordedConsent({ models: this.models, hasher: this.deps.hasher }, strangers, this.session);
    return { profiles: [...new Set(found.values())], recordedConsent: mergedConsent(recorded.values()) };
  }

  async save(write: Parameters<ProfileTransaction['save']>[0]): Promise<void> {
    await writeProfile(this.models, write, this.session);
    const claims = [{ profileId: write.profile.id, aliases: write.claimed }];
    await claimAliases({ models: this.models, hasher: this.deps.hasher }, claims, {
      session: this.session,
      at: new Date(this.deps.clock.now()),
    });
  }

  async remove(id: string, version: number): Promise<void> {
    const { deletedCount } = await this.models.profiles.deleteOne({ _id: id, version }, { session: this.session }).exec();
    if (deletedCount !== 1) throw staleWrite();
  }

  async erase(burial: Parameters<ProfileTransaction['erase']>[0]): Promise<ErasedIdentity> {
    const { profile, visitorIds, hashes } = burial;
    const { session, models } = this;
    if (profile !== null) await this.remove(profile.id, profile.version);
    const aliases = await models.aliases.deleteMany({ _id: mongoose.trusted({ $in: [...visitorIds] }) }, { session }).exec();
    const consents = await models.consents.deleteMany({ _id: mongoose.trusted({ $in: [...hashes] }) }, { session }).exec();
    await this.tombstones.put(session, burial);
    return { profiles: profile === null ? 0 : 1, aliases: aliases.deletedCount, consents: consents.deletedCount };
  }

  buriedWith(hashes: readonly VisitorHash[]): Promise<readonly VisitorHash[]> {
    return this.tombstones.buriedWith(this.session, hashes);
  }

  async recordConsent(visitorId: VisitorId, consent: Consent): Promise<void> {
    const record = { $set: { consent, movedAt: null } };
    await this.models.consents.updateOne({ _id: this.deps.hasher.hash(visitorId) }, record, { upsert: true, session: this.session }).exec();
  }
}
