import type { PersonalBlob } from '@vitrine/platform';
import type { mongo } from 'mongoose';
import type { CleaningNote } from '../domain/cleaning/cleaning-rule';
import type { RollupCounters, RollupKey } from '../domain/rollup';
import type { RewardEvent } from '../domain/reward-event';
import type { LedgerEntry } from '../domain/types';

export const COLLECTIONS = {
  events: 'events',
  quarantine: 'quarantine',
  cleaningCounts: 'cleaning_counts',
  trials: 'trials',
  ledgerBatches: 'ledger_batches',
  ledgerHeads: 'ledger_heads',
  policyHeads: 'policy_heads',
  policyArms: 'policy_arms',
  policyBases: 'policy_bases',
  foldLog: 'fold_log',
  policyPriors: 'policy_priors',
  rollups: 'rollups',
} as const;

/**
 * A clean event. Everything that could lead to a person is null without ANALYTICS consent; address and properties, which may name one, lie
 * sealed in `personal`, absent where there is neither.
 */
export interface EventDoc extends Partial<PersonalBlob> {
  /** The event's own id: what makes it count once. */
  readonly _id: string;
  readonly type: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly device: string;
  readonly visitorHash: string | null;
  readonly profileId: string | null;
  readonly decisionId: string | null;
  readonly slot: number | null;
  readonly placementId: string | null;
  readonly bannerId: string | null;
  readonly productId: string | null;
  readonly category: string | null;
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly dwellMs: number | null;
  /** What cleaning noticed, and what stood there before it mended it; absent from most. */
  readonly cleaning?: readonly CleaningNote[];
  /** When its id was last received again: what keeps a repetition from being counted twice. */
  readonly repeatedAt?: Date;
}

export interface QuarantineDoc {
  /** `<event>:<rule>:<time of receipt>`: a chunk that runs again adds nothing. */
  readonly _id: string;
  readonly eventId: string;
  readonly rule: string;
  readonly code: string;
  readonly type: string | null;
  /** When it was received. */
  readonly at: Date;
  /** What drives it again, sealed; null where that is impossible, absent from rows older than redriving. */
  readonly held?: string | null;
  /** Null without consent. */
  readonly visitorHash?: string | null;
  /** When it was last driven again, in vain. */
  readonly redrivenAt?: Date;
}

/** What one rule did on one day, as one partition counted it. */
export interface CleaningCountDoc {
  /** `<day>|<rule>|<partition>`. */
  readonly _id: string;
  /** UTC, `yyyy-mm-dd`, of the receipt. */
  readonly day: string;
  readonly rule: string;
  readonly count: number;
}

export interface TrialDoc {
  /** `<decision>:<slot>`. */
  readonly _id: string;
  /** Absent from rows that were last written before it was kept. */
  readonly decidedAt?: Date | null;
  readonly activatedAt: Date | null;
  readonly proven: readonly string[];
  readonly clicked: boolean;
  readonly converted: boolean;
  /** Older rows also hold what an event was worth when it came; nobody reads that any more. */
  readonly contributions: readonly RewardEvent[];
  readonly earned: number;
  /** Absent without consent. */
  readonly visitorHash?: string;
}

export interface LedgerEntryDoc extends Omit<LedgerEntry, 'steps' | 'occurredAt' | 'activatedAt' | 'earnedBefore'> {
  /** Int8 steps. */
  readonly steps: mongo.Binary;
  readonly occurredAt: Date;
  /** Absent, with `earnedBefore`, from entries that were appended before either was noted. */
  readonly activatedAt?: Date;
  readonly earnedBefore?: number;
}

export interface LedgerBatchDoc {
  readonly _id: string;
  readonly placementId: string;
  readonly foldSeq: number | null;
  readonly createdAt: Date;
  readonly entries: readonly LedgerEntryDoc[];
  /** SHA-256 over the entries: shows a row that was changed by hand. */
  readonly digest: string;
  /** Entries that were here and were erased; absent for none. */
  readonly erased?: number;
}

export interface LedgerHeadDoc {
  /** Placement id. */
  readonly _id: string;
  readonly last: number;
}

export interface PolicyHeadDoc {
  /** Policy version id. */
  readonly _id: string;
  readonly placementId: string;
  readonly revision: number;
  readonly cursor: number;
  readonly entries: number;
  readonly skipped: number;
  /** Absent before the first fold, and from heads that were written before layouts were noted. */
  readonly layout?: string;
  /** Absent where nothing was taken over from other placements. */
  readonly priorId?: string;
  /** What the state is folded from since evidence was erased; its statistics are in `policy_bases`. Absent: from the beginning. */
  readonly base?: PolicyBaseHead;
  /** When an erasure last took hold of it; means nothing else. */
  readonly claimedAt?: Date;
  readonly updatedAt: Date;
}

export interface PolicyBaseHead {
  readonly revision: number;
  readonly cursor: number;
  readonly entries: number;
  readonly layout: string;
}

/** Statistics of one banner in a version's base. */
export interface PolicyBaseDoc {
  /** `<version>|<banner>`. */
  readonly _id: string;
  readonly versionId: string;
  readonly bannerId: string;
  /** Float64 values, little-endian. */
  readonly statistics: mongo.Binary;
}

export interface PolicyArmDoc {
  /** `<version>|<banner>`. */
  readonly _id: string;
  readonly versionId: string;
  readonly bannerId: string;
  readonly revision: number;
  /** Float64 values, little-endian. */
  readonly statistics: mongo.Binary;
}

/** Which part of the ledger a revision contains: what replaying a decision starts from. */
export interface FoldLogDoc {
  /** `<version>|<revision>`. */
  readonly _id: string;
  readonly versionId: string;
  readonly revision: number;
  readonly cursor: number;
  readonly entries: number;
  readonly skipped: number;
  /** Of the state at this revision; absent for none. */
  readonly priorId?: string;
  readonly at: Date;
}

/** Never changed: heads, the fold log and so replays name it. */
export interface PolicyPriorDoc {
  /** `<placement>|<SHA-256 of surface and revision>`. */
  readonly _id: string;
  readonly placementId: string;
  readonly surface: string;
  /** JSON: numbers come back to the last bit, and names may hold any character. */
  readonly revision: string;
  readonly at: Date;
}

export interface RollupDoc extends Omit<RollupKey, 'minute'>, Partial<RollupCounters> {
  readonly _id: string;
  readonly minute: Date;
}
