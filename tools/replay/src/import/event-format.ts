/** Why a line that is in order brings no event. */
export type LeftOut = 'blank' | 'bot' | 'asset' | 'method' | 'status' | 'unmapped';

/** An event as `POST /v1/events` takes it; without an `eventId` where the file has none. */
export type EventFields = Readonly<Record<string, unknown>>;

export type Reading =
  | { readonly kind: 'EVENT'; readonly fields: EventFields }
  | { readonly kind: 'LEFT_OUT'; readonly why: LeftOut }
  /** `reason` never echoes the line. */
  | { readonly kind: 'MALFORMED'; readonly reason: string };

/** One line of a log, or one row of a table. */
export interface SourceRecord {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  /** What makes it this record and no other, wherever it stands. */
  readonly content: string;
}

/** How one kind of file becomes events. Records come in bundles, for a promise per line would cost more than the line. */
export interface EventFormat {
  /** Whether its events bring ids of their own; those of others are made from the record. */
  readonly hasIds: boolean;
  /** @throws DomainError NOT_FOUND, IMPORT_TRUNCATED, IMPORT_MAPPING_INVALID */
  records(): AsyncIterable<readonly SourceRecord[]>;
  read(record: SourceRecord): Reading;
}

export const malformed = (reason: string): Reading => ({ kind: 'MALFORMED', reason });
export const leftOut = (why: LeftOut): Reading => ({ kind: 'LEFT_OUT', why });
