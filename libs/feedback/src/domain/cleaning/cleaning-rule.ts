import type { ErrorCode } from '@vitrine/kernel';
import type { IncomingEvent, SealedDecision } from '../types';

/** What a rule may look at. */
export interface Candidate {
  readonly event: IncomingEvent;
  /** What its token carries; null without a token. */
  readonly decision: SealedDecision | null;
  /** When the gateway took the event, ms since the epoch, by our own clock. */
  readonly receivedAt: number;
  readonly userAgent: string | null;
}

/** Why an event went to quarantine: the rule's name and a public code. */
export interface Rejection {
  readonly rule: string;
  readonly code: ErrorCode;
}

/** A pure check: null lets the event pass. */
export type CleaningRule = (candidate: Candidate) => Rejection | null;
