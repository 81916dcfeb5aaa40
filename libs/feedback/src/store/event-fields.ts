import { openPersonal, sealPersonal, type PersonalBlob, type PersonalSealer } from '@vitrine/platform';
import type { IncomingEvent } from '../domain/types';
import { COLLECTIONS } from './feedback.documents';

/** What of an event may name a person: sealed where it is stored. */
export type EventFields = Pick<IncomingEvent, 'url' | 'properties'>;

/** @returns nothing to store where there is nothing to hide */
export function sealEventFields(
  sealer: PersonalSealer,
  id: string,
  { url, properties }: EventFields,
): PersonalBlob | Record<string, never> {
  if (url === null && properties === null) return {};
  return sealPersonal(sealer, { collection: COLLECTIONS.events, id }, { url, properties });
}

/** @returns the fields as they were stored. @throws DomainError PERSONAL_KEY_UNKNOWN, PERSONAL_DATA_UNREADABLE */
export function openEventFields(sealer: PersonalSealer, row: Partial<PersonalBlob> & { readonly _id: string }): unknown {
  const { personal } = row;
  return personal === undefined
    ? { url: null, properties: null }
    : openPersonal(sealer, { collection: COLLECTIONS.events, id: row._id }, { personal });
}
