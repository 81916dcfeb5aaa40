import { DomainError } from '@vitrine/kernel';
import type { QuarantineListing, QuarantinePlace } from '../application/quarantine.ports';

const CURSOR = /^(\d{1,15}):(.{1,300})$/;

/** Opaque to callers: where a row stands in the list. */
export const cursorOf = ({ at, id }: Pick<QuarantineListing, 'at' | 'id'>): string => Buffer.from(`${at}:${id}`).toString('base64url');

/** @throws DomainError BAD_USER_INPUT for a text that is no cursor of this list */
export function placeOfCursor(cursor: string): QuarantinePlace {
  const [, at, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at === undefined || id === undefined) throw new DomainError('BAD_USER_INPUT', 'The cursor is not one of this list.');
  return { at: Number(at), id };
}
