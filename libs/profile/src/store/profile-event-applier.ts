import type { ClientSession } from 'mongoose';
import type { Clock, VisitorId } from '@vitrine/kernel';
import { factsOf, seenAt } from '../domain/features/facts';
import { mayDo, mayUse, type ConsentDefault } from '../domain/consent';
import { newProfile } from '../domain/profile';
import type { ProfileEvent } from '../domain/profile-event';
import { PURPOSES, type Profile, type Purpose } from '../domain/types';
import { learnFrom, type LearnedEvent } from '../domain/unmerge';
import { LearnedEvents } from './learned-events';
import { fromProfile } from './profile.mapper';
import { claimAliases, findProfiles, findRecordedConsent, staleWrite } from './profile-rows';
import { profileTables, type ProfileTables, type ProfileTablesDeps } from './profile.schema';

export interface VisitorEvents {
  readonly visitorId: VisitorId;
  /** True where a verified user token named the visitor: a profile created here then belongs to that user. */
  readonly signedIn?: boolean;
  /** Clean, and without duplicates: what is listed twice counts twice. */
  readonly events: readonly ProfileEvent[];
}

/** Announce it after the commit. */
export interface ChangedProfile {
  readonly id: string;
  readonly revision: number;
}

export interface ProfileEventApplierDeps extends ProfileTablesDeps {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly consentDefault: ConsentDefault;
}

interface Change {
  readonly before: Profile;
  readonly created: boolean;
  readonly events: LearnedEvent[];
}

/** Adds a batch of events to profiles inside the caller's transaction, so that they count exactly as often as the caller's own writes. */
export class ProfileEventApplier {
  private readonly tables: ProfileTables;
  private readonly learned: LearnedEvents;

  constructor(private readonly deps: ProfileEventApplierDeps) {
    this.tables = profileTables(deps);
    this.learned = new LearnedEvents(deps.connection);
  }

  /**
   * Without PERSONALIZATION consent nothing is written; where the deployment's default grants it, a stranger gets a profile.
   *
   * @returns the profiles that changed, with their new versions
   * @throws a transient transaction error when a profile changed in between: let the transaction run again
   */
  async apply(session: ClientSession, visitors: readonly VisitorEvents[]): Promise<readonly ChangedProfile[]> {
    const changes = await this.changesOf(session, visitors);
    const now = this.deps.clock.now();
    const next = [...changes.values()].map(({ before, created, events }) => ({
      created,
      before,
      after: {
        ...before,
        features: learnFrom(before.features, events),
        version: created ? 1 : before.version + 1,
        updatedAt: now,
      },
    }));
    await this.insert(
      next.filter(({ created }) => created).map(({ after }) => after),
      session,
      now,
    );
    await this.update(
      next.filter(({ created }) => !created),
      session,
    );
    await this.learned.add(
      session,
      [...changes.values()].flatMap(({ events }) => events),
      new Date(now),
    );
    return next.map(({ after }) => ({ id: after.id, revision: after.version }));
  }

  /** Each event may teach what was allowed when it happened, and still is. */
  private purposesOf({ consent }: Profile, { occurredAt: at }: ProfileEvent): readonly Purpose[] {
    return PURPOSES.filter((purpose) => mayUse(consent, purpose, { at, byDefault: this.deps.consentDefault }));
  }

  private async changesOf(session: ClientSession, visitors: readonly VisitorEvents[]): Promise<ReadonlyMap<string, Change>> {
    const active = visitors.filter(({ events }) => events.length > 0);
    const found = await findProfiles(this.tables, [...new Set(active.map(({ visitorId }) => visitorId))], { session });
    const created = await this.strangers(
      session,
      active.filter(({ visitorId }) => !found.has(visitorId)),
    );
    const changes = new Map<string, Change>();
    for (const { visitorId, events } of active) {
      const before = found.get(visitorId) ?? created.get(visitorId);
      if (before === undefined || !mayDo(before.consent, 'PERSONALIZATION', this.deps.consentDefault)) continue;
      const change = changes.get(before.id) ?? { before, created: created.has(visitorId), events: [] };
      const hash = this.deps.hasher.hash(visitorId);
      change.events.push(...events.map((event) => ({ visitorHash: hash, event, purposes: this.purposesOf(before, event) })));
      changes.set(before.id, change);
    }
    return changes;
  }

  private async strangers(session: ClientSession, visitors: readonly VisitorEvents[]): Promise<ReadonlyMap<VisitorId, Profile>> {
    if (this.deps.consentDefault === 'DENIED' || visitors.length === 0) return new Map();
    const recorded = await findRecordedConsent(
      this.tables,
      visitors.map(({ visitorId }) => visitorId),
      session,
    );
    const nowMs = this.deps.clock.now();
    const profiles = new Map<VisitorId, Profile>();
    for (const { visitorId, signedIn } of visitors) {
      const consent = recorded.get(visitorId) ?? {};
      if (profiles.has(visitorId) || !mayDo(consent, 'PERSONALIZATION', this.deps.consentDefault)) continue;
      const userId = signedIn === true ? visitorId : null;
      profiles.set(visitorId, { ...newProfile({ id: this.deps.newId(), alias: visitorId, userId, nowMs }), consent });
    }
    return profiles;
  }

  private async insert(profiles: readonly Profile[], session: ClientSession, nowMs: number): Promise<void> {
    if (profiles.length === 0) return;
    const { models, sealer } = this.tables;
    await models.profiles.insertMany(
      profiles.map((profile) => fromProfile(profile, sealer)),
      { session },
    );
    const claims = profiles.map(({ id, aliases }) => ({ profileId: id, aliases }));
    await claimAliases(this.tables, claims, { session, at: new Date(nowMs) });
  }

  private async update(changes: readonly { readonly before: Profile; readonly after: Profile }[], session: ClientSession): Promise<void> {
    if (changes.length === 0) return;
    const { matchedCount } = await this.tables.models.profiles.bulkWrite(
      changes.map(({ before, after: { features, version, updatedAt } }) => ({
        updateOne: {
          filter: { _id: before.id, version: before.version },
          update: { $set: { features, seenAt: seenAt(features), facts: factsOf(features), version, updatedAt } },
        },
      })),
      { session },
    );
    if (matchedCount !== changes.length) throw staleWrite();
  }
}
