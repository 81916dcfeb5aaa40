import { DomainError } from '@vitrine/kernel';

const PREFIX = 'segment-model:';

export function cursorOf(version: number): string {
  return Buffer.from(`${PREFIX}${version}`).toString('base64url');
}

/** @throws DomainError BAD_USER_INPUT for a cursor of something else */
export function versionOf(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const version = Number(text.slice(PREFIX.length));
  if (!text.startsWith(PREFIX) || !Number.isSafeInteger(version) || version < 1) {
    throw new DomainError('BAD_USER_INPUT', 'the cursor is malformed', { details: { field: 'after' } });
  }
  return version;
}
