import mongoose from 'mongoose';
import type { PersonalSealer, SealedRow } from './personal-sealer';

/** How every collection keeps what is personal. */
export interface PersonalBlob {
  readonly personal: mongoose.mongo.Binary;
  /** Of the key it is sealed under: rows under older keys are found by it. */
  readonly keyId: number;
}

/** @param value anything that JSON can say */
export function sealPersonal(sealer: PersonalSealer, row: SealedRow, value: unknown): PersonalBlob {
  return { personal: new mongoose.mongo.Binary(sealer.seal(row, value)), keyId: sealer.keyId };
}

/** @returns the value, still to be parsed. @throws DomainError PERSONAL_KEY_UNKNOWN, PERSONAL_DATA_UNREADABLE */
export function openPersonal(sealer: PersonalSealer, row: SealedRow, { personal }: Pick<PersonalBlob, 'personal'>): unknown {
  return sealer.open(row, personal.value());
}
