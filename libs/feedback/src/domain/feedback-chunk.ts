import type { ErrorCode } from '@vitrine/kernel';
import type { EventType, IncomingEvent } from './types';

/** An event that went to quarantine; carries no visitor. */
export interface QuarantinedEvent {
  readonly eventId: string;
  readonly rule: string;
  readonly code: ErrorCode;
  readonly type: EventType | null;
  /** When we took it, ms since the epoch. */
  readonly at: number;
}

/** One job: events of one partition, taken together by one gateway. */
export interface FeedbackChunk {
  readonly partition: number;
  readonly receivedAt: number;
  readonly userAgent: string | null;
  /** Whether a verified user token named the visitor of all events. */
  readonly signedIn: boolean;
  readonly events: readonly IncomingEvent[];
  /** What the gateway already refused, for the quarantine. */
  readonly refused: readonly QuarantinedEvent[];
}

export const MAX_CHUNK_EVENTS = 200;
