import { DomainError, type VisitorId } from '@vitrine/kernel';
import { planListing, type Direction, type ProfileConditions } from '../domain/profile-listing';
import type { Profile } from '../domain/types';
import { cursorOf, positionOf } from './profile-cursor';
import type { ProfileRepository } from './profile.repository';

/** What internal tools see of one person, straight from the database. */
export class ReadProfile {
  constructor(private readonly deps: { readonly profiles: ProfileRepository }) {}

  /** @param visitorId any id the person is known by */
  execute(visitorId: VisitorId): Promise<Profile | null> {
    return this.deps.profiles.find(visitorId);
  }
}

export interface ListProfilesCommand extends ProfileConditions {
  readonly direction: Direction;
  /** 1 to `MAX_PROFILE_PAGE`. */
  readonly first: number;
  readonly after: string | null;
}

export interface ProfilePage {
  readonly edges: readonly { readonly cursor: string; readonly profile: Profile }[];
  readonly hasNextPage: boolean;
}

export const MAX_PROFILE_PAGE = 100;

/** Profiles by segment, last event, consent or a feature, one page at a time; in the order of the feature that is named, else of the last event. */
export class ListProfiles {
  constructor(private readonly deps: { readonly profiles: Pick<ProfileRepository, 'list'> }) {}

  /**
   * @throws DomainError BAD_USER_INPUT for a page size out of range, an empty range or a foreign cursor; UNKNOWN_FEATURE; FILTER_NOT_INDEXED for
   *   conditions that no index serves
   */
  async execute({ first, after, direction, ...conditions }: ListProfilesCommand): Promise<ProfilePage> {
    if (!Number.isSafeInteger(first) || first < 1 || first > MAX_PROFILE_PAGE) {
      throw new DomainError('BAD_USER_INPUT', `first must lie between 1 and ${MAX_PROFILE_PAGE}`, { details: { field: 'first' } });
    }
    const listing = planListing(conditions, direction);
    const position = after === null ? null : positionOf(listing, after);
    const rows = await this.deps.profiles.list({ ...listing, after: position, limit: first + 1 });
    const edges = rows.slice(0, first).map((profile) => ({ cursor: cursorOf(listing, profile), profile }));
    return { edges, hasNextPage: rows.length > first };
  }
}
