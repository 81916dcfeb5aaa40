import type { ClientSession } from 'mongoose';
import type { VisitorHash, VisitorId } from '@vitrine/kernel';
import type { Consent } from '../domain/types';
import { findProfiles, findRecordedConsent } from './profile-rows';
import { profileTables, type ProfileTables, type ProfileTablesDeps } from './profile.schema';

/** Who an id is. What `consent` does not mention has the deployment's default. */
export interface ResolvedIdentity {
  /** Null for a stranger. */
  readonly profileId: string | null;
  readonly consent: Consent;
  /** Keyed hashes of every id of the person, the asked one first: a token of any of them is his. */
  readonly hashes: readonly VisitorHash[];
  /** Null for a stranger, and for somebody whom no model has placed yet. */
  readonly segmentId: string | null;
}

/** Resolves ids through aliases for the worker's checks, inside its transaction. */
export class IdentityResolver {
  private readonly tables: ProfileTables;

  constructor(deps: ProfileTablesDeps) {
    this.tables = profileTables(deps);
  }

  /** @param session null reads outside of a transaction. @returns an entry for every id */
  async resolve(session: ClientSession | null, visitorIds: readonly VisitorId[]): Promise<ReadonlyMap<VisitorId, ResolvedIdentity>> {
    const { hasher } = this.tables;
    const ids = [...new Set(visitorIds)];
    const found = await findProfiles(this.tables, ids, { session });
    const recorded = await findRecordedConsent(
      this.tables,
      ids.filter((id) => !found.has(id)),
      session,
    );
    return new Map(
      ids.map((id): [VisitorId, ResolvedIdentity] => {
        const profile = found.get(id);
        if (profile === undefined)
          return [id, { profileId: null, consent: recorded.get(id) ?? {}, hashes: [hasher.hash(id)], segmentId: null }];
        return [
          id,
          {
            profileId: profile.id,
            consent: profile.consent,
            hashes: [id, ...profile.aliases.filter((alias) => alias !== id)].map((alias) => hasher.hash(alias)),
            segmentId: profile.segment?.segmentId ?? null,
          },
        ];
      }),
    );
  }
}
