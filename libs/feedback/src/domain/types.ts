import type { BannerId, DecisionId, ErrorCode, PlacementId, PolicyVersionId, VisitorHash, VisitorId } from '@vitrine/kernel';

export const EVENT_TYPES = [
  'ACTIVATION',
  'IMPRESSION',
  'VIEWABLE_IMPRESSION',
  'CLICK',
  'DISMISS',
  'PAGE_VIEW',
  'PRODUCT_VIEW',
  'SEARCH',
  'ADD_TO_CART',
  'PURCHASE',
  'REFUND',
  'DWELL',
  'PAGE_LEAVE',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export const LAYERS = ['HOLDOUT', 'CONTROL', 'EXPLORE', 'EXPLOIT', 'DEFAULT'] as const;
export type Layer = (typeof LAYERS)[number];

export interface Money {
  /** Minor units (cents). */
  readonly amountMinor: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** One event as a client sent it, after the edge checked its shape. */
export interface IncomingEvent {
  readonly eventId: string;
  readonly type: EventType;
  /** ms since the epoch, by the client's clock. */
  readonly occurredAt: number;
  readonly visitorId: VisitorId | null;
  readonly token: string | null;
  readonly productId: string | null;
  readonly category: string | null;
  readonly value: Money | null;
  readonly dwellMs: number | null;
  readonly url: string | null;
  readonly properties: Readonly<Record<string, unknown>> | null;
}

export type EventStatus = 'ACCEPTED' | 'DUPLICATE' | 'REJECTED';
export interface EventOutcome {
  readonly eventId: string;
  readonly status: EventStatus;
  readonly code: ErrorCode | null;
}

/** What a sealed token carries: the decision of one slot (D3). */
export interface SealedDecision {
  readonly decisionId: DecisionId;
  readonly placementId: PlacementId;
  readonly slot: number;
  readonly bannerId: BannerId;
  readonly layer: Layer;
  /** Final conditional probability of the banner, in (0, 1]; double precision. */
  readonly propensity: number;
  readonly policyVersionId: PolicyVersionId;
  readonly stateRevision: number;
  readonly catalogRevision: number;
  readonly visitorHash: VisitorHash;
  /** ms since the epoch. */
  readonly decidedAt: number;
  readonly context: QuantisedContext;
}

/**
 * The context as scored and as learned from: each value is a whole number of 1/32, in [-127, 127] / 32. At most 256 dimensions; kept
 * sparse (index, step) when that is shorter. `steps.length` is the dimension.
 */
export interface QuantisedContext {
  readonly steps: Int8Array;
}

export interface TokenCodec {
  seal(decision: SealedDecision): string;
  /** @returns the decision, or TOKEN_INVALID (forged, edited, unknown key) or TOKEN_EXPIRED */
  open(
    token: string,
    nowMs: number,
  ): { readonly ok: true; readonly value: SealedDecision } | { readonly ok: false; readonly error: 'TOKEN_INVALID' | 'TOKEN_EXPIRED' };
}

/** What learning is folded from. `id` is unique in the ledger: `<decision>:<slot>:t` for a trial, `<event>` for the rest. */
export interface LedgerEntry {
  readonly id: string;
  readonly kind: 'TRIAL' | 'REWARD';
  readonly decisionId: DecisionId;
  readonly slot: number;
  readonly bannerId: BannerId;
  readonly policyVersionId: PolicyVersionId;
  readonly propensity: number;
  /** TRIAL: the default reward. REWARD: the difference to what the trial had earned before. */
  readonly reward: number;
  /** REWARD: what the trial had earned before; 0 for a TRIAL. */
  readonly earnedBefore: number;
  /** Int8 steps of the quantised context, and the schema that gives them meaning. */
  readonly steps: Int8Array;
  readonly featureSchema: number;
  /** Absent without consent (D7). */
  readonly visitorHash: VisitorHash | null;
  readonly occurredAt: number;
  /** When the trial was activated, ms since the epoch: what its evidence is discounted by, in both kinds. */
  readonly activatedAt: number;
  readonly eventId: string;
}

export interface LedgerBatch {
  readonly id: string;
  readonly placementId: PlacementId;
  /** Null until the sequencer took it; then dense per placement from 1. */
  readonly foldSeq: number | null;
  readonly entries: readonly LedgerEntry[];
  readonly createdAt: number;
}

export interface PolicyHead {
  readonly versionId: PolicyVersionId;
  readonly revision: number;
  /** Highest foldSeq that the statistics contain. */
  readonly cursor: number;
  /** Ledger entries folded so far. */
  readonly entries: number;
  /** Of the statistics, as `layoutOf` names it; null before the first fold. */
  readonly layout: string | null;
  /** What other placements learned, as this state takes it for its beginning; null for none. Names a kept, immutable value. */
  readonly priorId: string | null;
  readonly updatedAt: number;
}

/** Statistics of one banner under one policy version. */
export interface ArmStatistics {
  readonly bannerId: BannerId;
  /** Revision that last changed it. */
  readonly revision: number;
  readonly statistics: Float64Array;
}

/** A consistent view: all arms changed after `sinceRevision`, and the head they belong to. */
export interface PolicyStateDelta {
  readonly head: PolicyHead;
  readonly arms: readonly ArmStatistics[];
}

export interface PolicyStateReader {
  load(versionId: PolicyVersionId, sinceRevision: number): Promise<PolicyStateDelta | null>;
}

/** A message between processes: something of this kind changed. Redis pub/sub carries only this (D6). */
export interface ChangeNotice {
  readonly kind: 'catalog' | 'state' | 'profile' | 'segment-model' | 'training-run';
  readonly id: string;
  readonly revision: number;
}
