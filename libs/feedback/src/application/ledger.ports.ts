import type { PolicySpec } from '@vitrine/bandit';
import type { BannerId, PlacementId, PolicyVersionId } from '@vitrine/kernel';
import type { LedgerBatch, PolicyHead } from '../domain/types';

/** What folding must know of a policy version; immutable. A catalogue's `PolicyVersion` is one. */
export interface FoldVersion {
  readonly id: PolicyVersionId;
  readonly placementId: PlacementId;
  readonly policy: PolicySpec;
  readonly dimension: number;
  readonly featureSchema: number;
}

export interface PolicyCatalog {
  /** Versions of a placement whose state is kept up to date: the live one, candidates, and those one may roll back to. */
  versionsToFold(placementId: PlacementId): Promise<readonly FoldVersion[]>;
  findVersion(id: PolicyVersionId): Promise<FoldVersion | null>;
}

export interface LedgerSequencer {
  /** Numbers every batch committed so far, after those that were numbered before. @returns the highest number given in the placement */
  sequence(placementId: PlacementId): Promise<number>;
}

export interface SequencedBatch extends LedgerBatch {
  readonly foldSeq: number;
  /** Whether the entries are those that were appended. */
  readonly intact: boolean;
}

export interface LedgerReader {
  /** Batches with `foldSeq` in (after, upTo], in order, at most `limit`. */
  read(
    placementId: PlacementId,
    range: { readonly after: number; readonly upTo: number; readonly limit: number },
  ): Promise<readonly SequencedBatch[]>;
  /** The highest `foldSeq` given; 0 for none. */
  last(placementId: PlacementId): Promise<number>;
  /** Every placement's highest `foldSeq`. */
  listLast(): Promise<ReadonlyMap<PlacementId, number>>;
  /** Placements with batches that have no number yet. */
  listUnsequenced(): Promise<readonly PlacementId[]>;
}

/** What one fold adds to a version's state. */
export interface StateAdvance {
  /** The head that was read before the statistics: the fence. */
  readonly from: PolicyHead;
  readonly placementId: PlacementId;
  readonly cursor: number;
  /** Entries folded into the state, from the beginning. */
  readonly entries: number;
  /** Entries of this step that mean nothing to the version. */
  readonly skipped: number;
  /** Of the statistics, as `layoutOf` names it. */
  readonly layout: string;
  /** Another prior from this revision on; the head's own unless given. */
  readonly priorId?: string;
  /** Changed banners only. */
  readonly arms: ReadonlyMap<BannerId, Float64Array>;
  /** The state was folded from the beginning: there is no base any more. */
  readonly anew?: true;
  readonly at: number;
}

/**
 * A checkpoint that folding begins from: what the ledger up to `cursor` had taught when somebody's evidence was taken out of it. The entries
 * before it are still there (but theirs); folding them anew gives the same to rounding, folding from here gives the same bits.
 */
export interface StateBase {
  /** Of the version's state, when this was it. */
  readonly revision: number;
  readonly cursor: number;
  /** Entries folded up to there. */
  readonly entries: number;
  /** Of the statistics, as `layoutOf` names it. */
  readonly layout: string;
  /** Statistics of every banner that had any. */
  readonly arms: ReadonlyMap<BannerId, Float64Array>;
}

/** All of a version's state at one moment. */
export interface StateSnapshot {
  readonly head: PolicyHead;
  readonly arms: ReadonlyMap<BannerId, Float64Array>;
  /** Null where the state is folded from the beginning. */
  readonly base: StateBase | null;
}

export interface PolicyStateStore {
  /** Revision 0 with nothing folded for a version that has no state yet. */
  head(versionId: PolicyVersionId): Promise<PolicyHead>;
  heads(versionIds: readonly PolicyVersionId[]): Promise<ReadonlyMap<PolicyVersionId, PolicyHead>>;
  /** Statistics of those of the banners that have any. */
  arms(versionId: PolicyVersionId, banners: readonly BannerId[]): Promise<Map<BannerId, Float64Array>>;
  /** Statistics of all banners, with the head that they belong to: one consistent moment. */
  snapshot(versionId: PolicyVersionId): Promise<StateSnapshot>;
  /** The checkpoint that the version's state is folded from; null for none. */
  findBase(versionId: PolicyVersionId): Promise<StateBase | null>;
  /** Writes statistics, cursor and a log row at once, if the head is still the one that was read. */
  advance(step: StateAdvance): Promise<'advanced' | 'fenced'>;
}
