import { DomainError } from '@vitrine/kernel';

/** Place in a list by time; the id settles ties. */
export interface TimePlace {
  /** ms since the epoch. */
  readonly at: number;
  readonly id: string;
}

const CURSOR = /^(\d{1,15}):(.{1,300})$/;

/** Opaque to callers: where a row stands in the list. */
export const cursorOf = ({ at, id }: TimePlace): string => Buffer.from(`${at}:${id}`).toString('base64url');

/** @throws DomainError BAD_USER_INPUT for a text that is no cursor of such a list */
export function placeOfCursor(cursor: string): TimePlace {
  const [, at, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined) {
    throw new DomainError('BAD_USER_INPUT', 'The cursor is not one of this list.', { details: { fields: ['after'] } });
  }
  return { at: Number(at), id };
}
