import { DomainError, type VisitorId } from '@vitrine/kernel';
import type { Profile } from '../domain/types';
import type { ProfilePosition, ProfileQuery, ProfileRepository } from './profile.repository';

/** What internal tools see of one person, straight from the database. */
export class ReadProfile {
  constructor(private readonly deps: { readonly profiles: ProfileRepository }) {}

  /** @param visitorId any id the person is known by */
  execute(visitorId: VisitorId): Promise<Profile | null> {
    return this.deps.profiles.find(visitorId);
  }
}

export interface ListProfilesCommand extends Pick<ProfileQuery, 'segmentId' | 'seenFrom' | 'seenBefore'> {
  /** 1 to `MAX_PROFILE_PAGE`. */
  readonly first: number;
  readonly after: string | null;
}

export interface ProfilePage {
  readonly edges: readonly { readonly cursor: string; readonly profile: Profile }[];
  readonly hasNextPage: boolean;
}

export const MAX_PROFILE_PAGE = 100;

/** Profiles by segment and last event, newest seen first, one page at a time. */
export class ListProfiles {
  constructor(private readonly deps: { readonly profiles: ProfileRepository }) {}

  /** @throws DomainError BAD_USER_INPUT for a page size out of range or a foreign cursor */
  async execute({ first, after, ...filter }: ListProfilesCommand): Promise<ProfilePage> {
    if (!Number.isSafeInteger(first) || first < 1 || first > MAX_PROFILE_PAGE) {
      throw new DomainError('BAD_USER_INPUT', `first must lie between 1 and ${MAX_PROFILE_PAGE}`, { details: { field: 'first' } });
    }
    const position = after === null ? null : parseCursor(after);
    const rows = await this.deps.profiles.list({ ...filter, after: position, limit: first + 1 });
    const edges = rows.slice(0, first).map((profile) => ({ cursor: cursorOf(profile), profile }));
    return { edges, hasNextPage: rows.length > first };
  }
}

function cursorOf(profile: Profile): string {
  return `${(profile.features.visit.lastSeenAt ?? 0).toString(36)}~${profile.id}`;
}

function parseCursor(cursor: string): ProfilePosition {
  const [, time, id] = /^([0-9a-z]{1,12})~([\w-]{1,64})$/.exec(cursor) ?? [];
  if (time === undefined || id === undefined)
    throw new DomainError('BAD_USER_INPUT', 'the cursor is not one of ours', { details: { field: 'after' } });
  return { seenAt: Number.parseInt(time, 36), id };
}
