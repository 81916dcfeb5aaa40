import { DomainError } from '@vitrine/kernel';
import { createSealedBox, type SealingKey } from './sealed-box';

/** The row that a blob lies in: bound in, so that nobody can give one row another's content. */
export interface SealedRow {
  readonly collection: string;
  readonly id: string;
}

/** Keeps what says who somebody is unreadable in the database. */
export interface PersonalSealer {
  /** Of the current key: stored in clear beside each blob, so that those under older keys can be found. */
  readonly keyId: number;
  /** Of every key of the ring. */
  readonly keyIds: readonly number[];
  /** @param value anything that JSON can say */
  seal(row: SealedRow, value: unknown): Buffer;
  /**
   * @returns the value, still to be parsed
   * @throws DomainError PERSONAL_KEY_UNKNOWN with `details.keyId` when the blob's key left the ring; PERSONAL_DATA_UNREADABLE when it is
   *   damaged or another row's
   */
  open(row: SealedRow, sealed: Uint8Array): unknown;
}

/** AES-256-GCM under keys derived for this purpose alone. @param keys the current one first */
export function createPersonalSealer(keys: readonly SealingKey[]): PersonalSealer {
  const box = createSealedBox(keys, 'vitrine/personal/v1');
  return {
    keyId: box.keyId,
    keyIds: box.keyIds,
    seal: (row, value) => box.seal(nameOf(row), JSON.stringify(value)),
    open(row, sealed) {
      const opened = box.open(nameOf(row), sealed);
      if (opened.ok) return JSON.parse(opened.text);
      const { collection } = row;
      if (opened.error === 'UNKNOWN_KEY') throw unknownPersonalKey(collection, opened.keyId);
      throw new DomainError('PERSONAL_DATA_UNREADABLE', `a row of ${collection} cannot be opened`, { details: { collection } });
    },
  };
}

/** What stands for a row under a key that the ring does not hold. */
export function unknownPersonalKey(collection: string, keyId: number): DomainError {
  return new DomainError('PERSONAL_KEY_UNKNOWN', `a row of ${collection} is sealed under key ${keyId}, which PERSONAL_DATA_KEYS lacks`, {
    details: { collection, keyId },
  });
}

const nameOf = ({ collection, id }: SealedRow): string => `${collection}/${id}`;
