import type { VisitorHash, VisitorId } from '@vitrine/kernel';
import type { ProfileListing } from '../domain/profile-listing';
import type { Consent, Profile } from '../domain/types';
import type { LearnedEvent } from '../domain/unmerge';

/** What is stored about some ids: each profile once, and what people without a profile said about consent. */
export interface KnownVisitors {
  readonly profiles: readonly Profile[];
  readonly recordedConsent: Consent;
}

/** Tombstones: what keeps an erased person from coming back by what is still under way. */
export interface Burial {
  readonly hashes: readonly VisitorHash[];
  /** Names the hashes that belong together; random. */
  readonly erasureId: string;
  /** Whatever happened up to here is gone, ms since the epoch. */
  readonly until: number;
  /** When no token can be outstanding any more. */
  readonly expiresAt: number;
  /** When to look again for rows that were under way. */
  readonly sweepAt: number;
}

/** How many rows an erasure removed. */
export interface ErasedIdentity {
  readonly profiles: number;
  readonly aliases: number;
  readonly consents: number;
}

/** Reads and writes that take effect together or not at all. */
export interface ProfileTransaction {
  /** `recordedConsent` merges the records of all ids that no profile owns. */
  known(visitorIds: readonly VisitorId[]): Promise<KnownVisitors>;
  /**
   * Writes a profile and points `claimed` ids at it; where PERSONALIZATION is withdrawn, forgets what was learned from events of its ids; consent that was recorded for those ids without a profile counts as moved into it.
   *
   * @param previousVersion null inserts
   */
  save(write: {
    readonly profile: Profile;
    readonly previousVersion: number | null;
    readonly claimed: readonly VisitorId[];
  }): Promise<void>;
  /** What profiles learned from events of these ids, in no order, as far as it is held and was not forgotten. */
  learned(visitorIds: readonly VisitorId[]): Promise<readonly LearnedEvent[]>;
  /** Takes away the profile that was merged into another. */
  remove(id: string, version: number): Promise<void>;
  /**
   * Takes away a profile with its ids and all that was ever said about consent, and leaves tombstones.
   *
   * @param profile null for somebody without one
   */
  erase(burial: Burial & { readonly profile: Profile | null }): Promise<ErasedIdentity>;
  /** Remembers consent of somebody who has no profile, under a keyed hash of the id only. */
  recordConsent(visitorId: VisitorId, consent: Consent): Promise<void>;
}

/** A place in a list of profiles: what it is ordered by, and the id that settles ties. */
export interface ProfilePosition {
  readonly value: number;
  readonly id: string;
}

export interface ProfileQuery extends ProfileListing {
  /** Exclusive. */
  readonly after: ProfilePosition | null;
  readonly limit: number;
}

export interface ProfileRepository {
  /**
   * Runs `work` until it commits without somebody else's write in between; it may run several times and must have no other effect.
   *
   * @param about ids that it is about: transactions of one process about the same id take turns, which saves retries and decides nothing
   * @throws DomainError DEPENDENCY_UNAVAILABLE while the database is away
   */
  transaction<T>(work: (tx: ProfileTransaction) => Promise<T>, about?: readonly VisitorId[]): Promise<T>;
  find(visitorId: VisitorId): Promise<Profile | null>;
  list(query: ProfileQuery): Promise<readonly Profile[]>;
}

/** Told after a commit, so that this process decides on it at once and the others soon. Must not throw. */
export interface ProfileChanges {
  saved(profile: Profile): void;
  removed(id: string, revision: number): void;
  /** Consent of somebody who has no profile. */
  consentRecorded(visitorId: VisitorId, consent: Consent): void;
}
