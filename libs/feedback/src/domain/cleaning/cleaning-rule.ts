import type { ErrorCode } from '@vitrine/kernel';
import type { IncomingEvent, Money, SealedDecision } from '../types';

/** Every rule that a deployment may switch off, in the order in which they look. */
export const CLEANING_RULE_NAMES = [
  'bot',
  'internal-traffic',
  'schema',
  'clock-skew',
  'impossible-timing',
  'currency',
  'outlier',
  'duplicate',
  'bot-rate',
  'click-without-impression',
] as const;
export type CleaningRuleName = (typeof CLEANING_RULE_NAMES)[number];

/** What a rule may look at. */
export interface Candidate {
  readonly event: IncomingEvent;
  /** What its token carries; null without a token. */
  readonly decision: SealedDecision | null;
  /** When the gateway took the event, ms since the epoch, by our own clock. */
  readonly receivedAt: number;
  readonly userAgent: string | null;
  /** Whether the shop's own people sent it. */
  readonly internal: boolean;
}

/** Why an event went to quarantine: the rule's name and a public code. `token` and `token-foreign` guard, and cannot be switched off. */
export interface Rejection {
  readonly rule: CleaningRuleName | 'token' | 'token-foreign';
  readonly code: ErrorCode;
}

/** What a rule noticed about an event that counts all the same. */
export interface CleaningNote {
  readonly rule: CleaningRuleName;
  /** What the event said before it was mended; null where nothing was changed. */
  readonly was: Money | number | null;
}

export type Finding =
  | { readonly kind: 'REJECT'; readonly code: ErrorCode }
  | { readonly kind: 'MEND'; readonly event: IncomingEvent; readonly was: Money | number };

/** A pure check of one event: null lets it pass as it is. */
export interface EventRule {
  readonly name: CleaningRuleName;
  check(candidate: Candidate): Finding | null;
}

/** A pure check of what came together: says which events go, and why. */
export interface ChunkRule {
  readonly name: CleaningRuleName;
  readonly code: ErrorCode;
  /** @returns ids of the events that go */
  check(events: readonly IncomingEvent[]): ReadonlySet<string>;
}
