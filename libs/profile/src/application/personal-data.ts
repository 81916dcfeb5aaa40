import type { VisitorHash, VisitorId } from '@vitrine/kernel';
import type { Profile } from '../domain/types';

/** Who a person is to stores other than that of profiles. */
export interface PersonKeys {
  /** Null for somebody without a profile. */
  readonly profileId: string | null;
  /** Empty where only hashes are known any more. */
  readonly visitorIds: readonly VisitorId[];
  /** Keyed hashes of the ids. */
  readonly hashes: readonly VisitorHash[];
}

/** Whose rows go. What is younger than `until` stays: somebody who was erased may have come back. */
export interface ErasureOrder extends PersonKeys {
  /** As it was; null where there was none, or where it went before. */
  readonly profile: Profile | null;
  /** Decisions made for the person: rows may name them that do not name the person. */
  readonly decisionIds: readonly string[];
  /** ms since the epoch. */
  readonly until: number;
}

/** What an erasure did to one policy version. */
export interface ErasedPolicy {
  readonly versionId: string;
  /** Ledger entries of the person that its statistics contained. */
  readonly entries: number;
  /** FOLD_SCHEDULED: its mathematics does not allow un-folding; its ledger is folded again without them, within seconds. */
  readonly how: 'UNFOLDED' | 'FOLD_SCHEDULED';
  readonly revision: number;
}

/** A trained model that had a row of the person. */
export interface ErasedModel {
  readonly version: number;
  readonly trainedRows: number;
  /** Of those, how many belong to people who were erased since. */
  readonly erasedRows: number;
  /** Whether that is more than the stated share: it should be trained again. */
  readonly flagged: boolean;
}

export interface ErasedRows {
  readonly removed: number;
  readonly policies?: readonly ErasedPolicy[];
  readonly models?: readonly ErasedModel[];
}

/** One place outside of profiles where data of people lies. */
export interface PersonalData {
  readonly name: string;
  /** Rows of the person as JSON values, oldest first. */
  read(person: PersonKeys): Promise<readonly unknown[]>;
  /** Decisions that rows here connect with the person; absent where none do. */
  decisionsOf?(person: PersonKeys, until: number): Promise<readonly string[]>;
  /** Removes the person's rows. Running it again removes nothing more. */
  erase(order: ErasureOrder): Promise<ErasedRows>;
}
