import { DomainError } from '@vitrine/kernel';
import { placeIn, type ProfileListing } from '../domain/profile-listing';
import type { Profile } from '../domain/types';
import type { ProfilePosition } from './profile.repository';

type Order = Pick<ProfileListing, 'orderedBy' | 'direction'>;

const CURSOR = /^(\w{1,64})\.([AD])~(-?[\d.]{1,24}(?:e[+-]?\d{1,3})?)~([\w-]{1,64})$/;

/** Where a profile stands in a list. Names the order: in another one the same place means something else. */
export function cursorOf(order: Order, profile: Profile): string {
  return `${nameOf(order)}~${placeIn(order, profile)}~${profile.id}`;
}

/** @throws DomainError BAD_USER_INPUT for a text that is no cursor, or one of a list in another order */
export function positionOf(order: Order, cursor: string): ProfilePosition {
  const [, orderedBy, letter, place, id] = CURSOR.exec(cursor) ?? [];
  const value = Number(place);
  if (id === undefined || !Number.isFinite(value)) throw refused('the cursor is not one of ours');
  if (`${orderedBy}.${letter}` !== nameOf(order)) throw refused('the cursor is of a list in another order');
  return { value, id };
}

const nameOf = ({ orderedBy, direction }: Order): string => `${orderedBy}.${direction === 'ASCENDING' ? 'A' : 'D'}`;
const refused = (message: string): DomainError => new DomainError('BAD_USER_INPUT', message, { details: { fields: ['after'] } });
