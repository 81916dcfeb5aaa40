import type { ErrorCode, VisitorHash } from '@vitrine/kernel';
import type { EventIdentity } from './clean-event';
import type { Rejection } from './cleaning/cleaning-rule';
import type { FeedbackChunk } from './feedback-chunk';
import type { EventType, IncomingEvent } from './types';

/** What a rejected event needs to take its path once more: itself, and the chunk's own facts. */
export interface HeldEvent {
  readonly event: IncomingEvent;
  readonly receivedAt: number;
  readonly userAgent: string | null;
  readonly signedIn: boolean;
  /** As in its chunk: absent for traffic of shoppers. */
  readonly internal?: true;
}

/** A row of the quarantine. */
export interface QuarantineEntry {
  /** `<event>:<rule>:<time of receipt>`: a chunk that runs again adds nothing. */
  readonly id: string;
  readonly eventId: string;
  readonly rule: string;
  readonly code: ErrorCode;
  readonly type: EventType | null;
  /** When we took it, ms since the epoch. */
  readonly at: number;
  /** Null where it cannot be driven again. */
  readonly held: HeldEvent | null;
  /** Null without consent (D7). */
  readonly visitorHash: VisitorHash | null;
}

/** An event that the worker rejected, and who sent it; null when it names nobody. */
export interface RejectedEvent {
  readonly event: IncomingEvent;
  readonly rejection: Rejection;
  readonly identity: EventIdentity | null;
  /** Whether the visitor granted ANALYTICS. */
  readonly named: boolean;
}

export const quarantineId = (eventId: string, rule: string, at: number): string => `${eventId}:${rule}:${at}`;

/**
 * What the quarantine keeps of a rejected event. Without ANALYTICS consent nothing that could lead to a person: no visitor, address or free
 * properties, and the user agent only where it is a robot's. An event that was rejected for whose token it carried means nothing without
 * its visitor, so it cannot be driven again then.
 */
export function quarantineEntryOf(
  { event, rejection, identity, named }: RejectedEvent,
  { receivedAt, userAgent, signedIn, internal }: Pick<FeedbackChunk, 'receivedAt' | 'userAgent' | 'signedIn' | 'internal'>,
): QuarantineEntry {
  const { eventId, type } = event;
  const row = { id: quarantineId(eventId, rejection.rule, receivedAt), eventId, ...rejection, type, at: receivedAt };
  const origin = internal === true ? { receivedAt, internal } : { receivedAt };
  if (named) return { ...row, held: { ...origin, event, userAgent, signedIn }, visitorHash: identity?.hashes[0] ?? null };
  if (rejection.rule === 'token-foreign') return { ...row, held: null, visitorHash: null };
  const nameless = { ...event, visitorId: null, url: null, properties: null };
  const robot = rejection.rule === 'bot' ? userAgent : null;
  return { ...row, held: { ...origin, event: nameless, userAgent: robot, signedIn: false }, visitorHash: null };
}
