import type { ErrorCode } from '@vitrine/kernel';
import type { EventType, IncomingEvent } from './types';

/** An event that the edge refused: its sender was told, and holds it; we keep that it happened. Carries no visitor. */
export interface QuarantinedEvent {
  readonly eventId: string;
  readonly rule: string;
  readonly code: ErrorCode;
  readonly type: EventType | null;
  /** When we took it, ms since the epoch. */
  readonly at: number;
}

/** An event of this chunk that comes out of quarantine. */
export interface Redriven {
  readonly eventId: string;
  /** Row of the quarantine that it leaves once it is accepted. */
  readonly quarantineId: string;
  /** The rule that held it. */
  readonly rule: string;
}

/** One job: events of one partition, taken together by one gateway. */
export interface FeedbackChunk {
  readonly partition: number;
  readonly receivedAt: number;
  readonly userAgent: string | null;
  /** Whether a verified user token named the visitor of all events. */
  readonly signedIn: boolean;
  /** Present where the shop's own people sent all events. */
  readonly internal?: true;
  readonly events: readonly IncomingEvent[];
  /** What the gateway already refused, for the quarantine. */
  readonly refused: readonly QuarantinedEvent[];
  /** Ids that the gateway took before and did not take again; absent for none. */
  readonly repeated?: readonly string[];
  /** Which of the events were taken out of quarantine; absent in chunks of live events. */
  readonly redriven?: readonly Redriven[];
}

export const MAX_CHUNK_EVENTS = 200;
