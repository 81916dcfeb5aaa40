import type { BannerId, DecisionId, PlacementId, PolicyVersionId, VisitorHash } from '@vitrine/kernel';
import type { LedgerEntry, PolicyHead } from '../domain/types';
import type { StateSnapshot } from './ledger.ports';

/** Whose evidence goes. Rows that are younger than `until` stay: somebody who was erased may have come back. */
export interface ErasedPerson {
  readonly hashes: readonly VisitorHash[];
  /** Decisions that were made for the person, however that is known; their trials go even where they name nobody. */
  readonly decisionIds: readonly DecisionId[];
  /** ms since the epoch. */
  readonly until: number;
}

/** A ledger entry that was taken out. */
export interface TakenEntry {
  /** Of its batch; null where it had no number yet. */
  readonly foldSeq: number | null;
  readonly entry: LedgerEntry;
}

export interface ErasableLedger<S> {
  /** Placements whose ledgers hold anything of the person. */
  placementsOf(person: ErasedPerson): Promise<readonly PlacementId[]>;
  /** Takes the person's trials, whole ones, out of a placement's batches, which keep their numbers. @returns what was taken, in ledger order */
  takeOut(session: S, placementId: PlacementId, person: ErasedPerson): Promise<readonly TakenEntry[]>;
}

/** A version's state without what was taken out of its ledger, as the next revision. */
export interface StateWithdrawal {
  /** The head that was read in the same transaction. */
  readonly from: PolicyHead;
  readonly placementId: PlacementId;
  /** Entries that the state contains from now on. */
  readonly entries: number;
  /** Entries taken out that meant nothing to the version. */
  readonly skipped: number;
  /** Of the statistics; null where they could not be un-folded, and so must be folded anew before anything else is. */
  readonly layout: string | null;
  /** Changed banners only. */
  readonly arms: ReadonlyMap<BannerId, Float64Array>;
  /** What folding begins from now on: statistics of every banner; null leaves what is there. */
  readonly base: { readonly layout: string; readonly arms: ReadonlyMap<BannerId, Float64Array> } | null;
  /** ms since the epoch. */
  readonly at: number;
}

export interface ErasableStates<S> {
  /** Writes every head of a placement, so that from here on folds wait for this transaction rather than undo it. */
  claim(session: S, placementId: PlacementId): Promise<void>;
  snapshotIn(session: S, versionId: PolicyVersionId): Promise<StateSnapshot>;
  /** @throws DomainError STALE_WRITE, or a transient error that lets the transaction run again, when the head moved */
  withdraw(session: S, step: StateWithdrawal): Promise<void>;
}
