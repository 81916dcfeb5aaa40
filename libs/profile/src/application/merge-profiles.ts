import { DomainError, type Clock, type VisitorId } from '@vitrine/kernel';
import { mergeProfiles } from '../domain/profile';
import type { Profile } from '../domain/types';
import { announceJoined, joinProfiles, type JoinedProfiles } from './join-profiles';
import type { ProfileChanges, ProfileRepository, ProfileTransaction } from './profile.repository';

export interface MergeProfilesCommand {
  readonly from: VisitorId;
  readonly into: VisitorId;
}

/** Joins two people whom somebody of ours knows to be one; `identify` does so for whoever signs in. */
export class MergeProfiles {
  constructor(private readonly deps: { readonly profiles: ProfileRepository; readonly changes: ProfileChanges; readonly clock: Clock }) {}

  /**
   * @returns the one profile, under the rules of `mergeProfiles` in the domain: the signed-in one keeps its id, else the older
   * @throws DomainError NOT_FOUND naming the argument whose id has no profile; IDENTITY_CONFLICT with `details.reason` SELF for one id
   *   twice, CYCLE for two ids that are one person already, OTHER_USER for two users, TOO_MANY_IDS. Nothing is written then.
   */
  async execute({ from, into }: MergeProfilesCommand): Promise<Profile> {
    if (from === into) throw conflict('SELF', 'a person cannot be merged with itself');
    const joined = await this.deps.profiles.transaction((tx) => this.join(tx, { from, into }), [from, into]);
    announceJoined(this.deps.changes, joined);
    return joined.profile;
  }

  private async join(
    tx: ProfileTransaction,
    { from, into }: MergeProfilesCommand,
  ): Promise<JoinedProfiles & { readonly profile: Profile }> {
    const source = await profileOf(tx, from, 'from');
    const target = await profileOf(tx, into, 'into');
    if (source.id === target.id) throw conflict('CYCLE', 'the ids belong to one person already');
    const nowMs = this.deps.clock.now();
    return joinProfiles(tx, { next: mergeProfiles(target, source), before: [target, source], nowMs });
  }
}

async function profileOf(tx: ProfileTransaction, id: VisitorId, field: 'from' | 'into'): Promise<Profile> {
  const [profile] = (await tx.known([id])).profiles;
  if (profile === undefined) throw new DomainError('NOT_FOUND', `${field} names nobody with a profile`, { details: { field } });
  return profile;
}

function conflict(reason: 'SELF' | 'CYCLE', message: string): DomainError {
  return new DomainError('IDENTITY_CONFLICT', message, { details: { field: 'from', reason } });
}
