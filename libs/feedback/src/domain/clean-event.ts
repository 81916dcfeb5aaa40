import type { DeviceClass } from '@vitrine/catalog';
import type { VisitorHash } from '@vitrine/kernel';
import type { Consent, Purpose } from '@vitrine/profile';
import type { CleaningNote } from './cleaning/cleaning-rule';
import type { TrialEffects } from './trial';
import type { IncomingEvent, SealedDecision } from './types';

/** Who an event's visitor is, at the moment of the transaction. */
export interface EventIdentity {
  /** Null for somebody without a profile. */
  readonly profileId: string | null;
  readonly consent: Consent;
  /** Hashes of every id the person is known by, the event's own first. */
  readonly hashes: readonly VisitorHash[];
  readonly segmentId?: string | null;
}

/** An event that passed every rule, with what it was found to mean. */
export interface CleanEvent {
  readonly event: IncomingEvent;
  /** What its token carried; null without a token. */
  readonly decision: SealedDecision | null;
  /** Null when the event names no visitor. */
  readonly identity: EventIdentity | null;
  /** Purposes that the visitor granted when it happened, and still grants, defaults applied; empty for nobody. */
  readonly granted: ReadonlySet<Purpose>;
  /** Whether a verified user token named the visitor. */
  readonly signedIn: boolean;
  readonly receivedAt: number;
  readonly device: DeviceClass;
  /** Queue partition that carried it: part of the keys of hot counters. */
  readonly partition: number;
  readonly effects: TrialEffects;
  /** What cleaning noticed and mended; empty for most. */
  readonly notes: readonly CleaningNote[];
}
