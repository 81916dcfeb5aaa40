import type { HeldEvent, QuarantineEntry } from '../domain/quarantine-entry';

/** Conditions add up; each is answered by an index. */
export interface QuarantineFilter {
  readonly rule: string | null;
  readonly eventId: string | null;
  /** Received in [from, before), ms since the epoch. */
  readonly from: number | null;
  readonly before: number | null;
}

/** A row of the quarantine as staff see it: never the event itself. */
export interface QuarantineListing extends Pick<QuarantineEntry, 'id' | 'eventId' | 'rule' | 'code' | 'type' | 'at'> {
  readonly redrivable: boolean;
  readonly redrivenAt: number | null;
}

export interface QuarantinePage {
  readonly rows: readonly QuarantineListing[];
  readonly hasNextPage: boolean;
}

/** Place in the order of the list: newest first, then by id. */
export interface QuarantinePlace {
  readonly at: number;
  readonly id: string;
}

/** A row that can take its path again. */
export interface RedrivableRow {
  readonly id: string;
  readonly rule: string;
  readonly held: HeldEvent;
}

/** Keeps what is held from everybody's eyes; bound to its row. */
export interface HeldEventSealer {
  seal(rowId: string, held: HeldEvent): string;
  /** Null for what this ring cannot open, or what is of another shape. */
  open(rowId: string, sealed: string): HeldEvent | null;
}

export interface QuarantineReader {
  list(filter: QuarantineFilter, page: { readonly first: number; readonly after: QuarantinePlace | null }): Promise<QuarantinePage>;
  /** Rows that can be driven again, oldest first, as they are read. */
  scan(filter: QuarantineFilter): AsyncIterable<RedrivableRow>;
  /** Those of these rows that are there and can be driven again. */
  find(ids: readonly string[]): Promise<readonly RedrivableRow[]>;
}
