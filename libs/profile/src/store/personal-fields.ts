import { invariant, visitorId } from '@vitrine/kernel';
import { openPersonal, sealPersonal, type PersonalBlob, type PersonalSealer } from '@vitrine/platform';
import { z } from 'zod';
import type { Profile } from '../domain/types';

/** Where profiles lie: part of what each blob is bound to. */
export const PROFILES = 'profiles';

const personalFields = z.object({
  userId: z.string().nullable(),
  aliases: z.array(z.string()),
  traits: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  traitTimes: z.record(z.string(), z.number()),
  device: z.string().nullable(),
  locale: z.string().nullable(),
});

/** What says who somebody is: the part of a profile that is sealed. */
export type PersonalFields = Pick<Profile, 'userId' | 'aliases' | 'traits' | 'traitTimes' | 'device' | 'locale'>;

export function sealFields(sealer: PersonalSealer, id: string, fields: PersonalFields): PersonalBlob {
  const { userId, aliases, traits, traitTimes, device, locale } = fields;
  return sealPersonal(sealer, { collection: PROFILES, id }, { userId, aliases, traits, traitTimes, device, locale });
}

/** @throws DomainError PERSONAL_KEY_UNKNOWN, PERSONAL_DATA_UNREADABLE */
export function openFields(sealer: PersonalSealer, row: Pick<PersonalBlob, 'personal'> & { readonly _id: string }): PersonalFields {
  const parsed = personalFields.safeParse(openPersonal(sealer, { collection: PROFILES, id: row._id }, row));
  invariant(parsed.success, 'what a profile sealed has the shape of a profile'); // the tag proved that we wrote it
  return { ...parsed.data, aliases: parsed.data.aliases.map(visitorId) };
}
