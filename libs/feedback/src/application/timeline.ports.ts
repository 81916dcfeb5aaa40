import type { VisitorHash, VisitorId } from '@vitrine/kernel';
import type { CleaningNote } from '../domain/cleaning/cleaning-rule';
import type { EventType } from '../domain/types';

/** A clean event as it is held. */
export interface TimelineEvent {
  readonly id: string;
  readonly type: EventType;
  /** ms since the epoch. */
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly device: string;
  readonly decisionId: string | null;
  readonly slot: number | null;
  readonly placementId: string | null;
  readonly bannerId: string | null;
  readonly productId: string | null;
  readonly category: string | null;
  /** Minor units of `currency`. */
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly dwellMs: number | null;
  readonly notes: readonly CleaningNote[];
}

export interface TimelineQuery {
  /** Of every id of the person. */
  readonly hashes: readonly VisitorHash[];
  /** Null for every type. */
  readonly types: readonly EventType[] | null;
  readonly first: number;
  /** Exclusive; newest first, then by id. */
  readonly after: { readonly at: number; readonly id: string } | null;
}

export interface TimelinePage {
  readonly events: readonly TimelineEvent[];
  readonly hasNextPage: boolean;
}

export interface TimelineReader {
  list(query: TimelineQuery): Promise<TimelinePage>;
}

/** Hashes of every id of the person whose id it is, itself included: events are held under the id of their time. */
export type PersonHashes = (visitorId: VisitorId) => Promise<readonly VisitorHash[]>;
