import type { Placement } from '@vitrine/catalog';
import type { PlacementId, PolicyVersionId, VisitorHash, VisitorId } from '@vitrine/kernel';
import type { CleanEvent, EventIdentity } from '../domain/clean-event';
import type { RuleCounts } from '../domain/cleaning/rule-counts';
import type { QuarantineEntry } from '../domain/quarantine-entry';
import type { Trial } from '../domain/trial';
import type { ChangeNotice, LedgerBatch } from '../domain/types';

/**
 * Runs work in one transaction: snapshot reads, all or nothing. `work` runs again after a write conflict, so it keeps its state to
 * itself and touches nothing but the session. `S` is the store's session, opaque here.
 */
export interface UnitOfWork<S> {
  run<T>(work: (session: S) => Promise<T>): Promise<T>;
}

/** Something that changes with the events, in the same transaction: profiles, counters. */
export interface TransactionParticipant<S> {
  /**
   * @param clean new events only, in order; each is handed over once, whatever crashes or repeats
   * @returns what to announce after the commit
   */
  apply(session: S, clean: readonly CleanEvent[]): Promise<readonly ChangeNotice[]>;
}

export interface IdentityResolver<S> {
  /** Who these ids are. An id that is absent from the answer is a stranger. */
  resolve(session: S, visitorIds: readonly VisitorId[]): Promise<ReadonlyMap<VisitorId, EventIdentity>>;
}

export interface Tombstones<S> {
  /** Which of these hashes are of people who were erased, and up to when: ms since the epoch. */
  find(session: S, hashes: readonly VisitorHash[]): Promise<ReadonlyMap<VisitorHash, number>>;
}

export interface EventStore<S> {
  /** Which of these were taken before, and when they were received, ms since the epoch. */
  findKnown(session: S, eventIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  insert(session: S, events: readonly CleanEvent[]): Promise<void>;
  /** Marks stored events as sent again. @returns how many were not marked for this time yet: a chunk that runs again marks none */
  markRepeated(session: S, eventIds: readonly string[], receivedAt: number): Promise<number>;
}

export interface QuarantineStore<S> {
  /** Adds rows that are not there yet, and says which: only those are new to the counts. */
  hold(session: S, entries: readonly QuarantineEntry[]): Promise<readonly QuarantineEntry[]>;
  /** Notes that these were driven again and rejected again, and by what. A row that is gone stays gone. */
  holdAgain(session: S, verdicts: readonly (Pick<QuarantineEntry, 'id' | 'rule' | 'code'> & { readonly at: number })[]): Promise<void>;
  /** Lets go of what was accepted. */
  release(session: S, ids: readonly string[]): Promise<void>;
}

/** Counts what the rules did, in the transaction in which they did it. */
export interface CleaningCounter<S> {
  add(session: S, counted: { readonly at: number; readonly partition: number; readonly rules: RuleCounts }): Promise<void>;
}

export interface StoredTrial {
  readonly trial: Trial;
  /** Null without consent (D7). */
  readonly visitorHash: VisitorHash | null;
}

export interface TrialStore<S> {
  find(session: S, keys: readonly string[]): Promise<ReadonlyMap<string, Trial>>;
  save(session: S, trials: readonly StoredTrial[]): Promise<void>;
}

export interface LedgerAppender<S> {
  append(session: S, batches: readonly Omit<LedgerBatch, 'id' | 'foldSeq'>[]): Promise<void>;
}

/** The configuration that gives events their meaning. Throws when it cannot be had: a chunk waits rather than be misread. */
export interface FeedbackCatalog {
  /** Null for a placement that is gone: its events count, but teach nothing. */
  placement(id: PlacementId): Promise<Pick<Placement, 'activation' | 'reward' | 'attributionWindowMs'> | null>;
  /** Null for a version that is unknown. */
  featureSchema(id: PolicyVersionId): Promise<number | null>;
}

export interface FoldRequester {
  /** Asks for a fold soon. Losing the request costs one sweep, so failures are not reported. */
  request(placementIds: readonly PlacementId[]): Promise<void>;
}

export type Announcer = (notice: ChangeNotice) => void;

/** Where fault tests stop the process. */
export interface FaultHooks {
  readonly beforeCommit?: () => Promise<void> | void;
  readonly afterCommit?: () => Promise<void> | void;
  readonly midFold?: () => Promise<void> | void;
}
