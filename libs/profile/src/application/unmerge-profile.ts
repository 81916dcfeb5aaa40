import { DomainError, type Clock, type VisitorId } from '@vitrine/kernel';
import type { VisitorHasher } from '../domain/types';
import { unmergeProfile, type Unmerged } from '../domain/unmerge';
import type { ProfileChanges, ProfileRepository, ProfileTransaction } from './profile.repository';

export interface UnmergeProfileDeps {
  readonly profiles: Pick<ProfileRepository, 'transaction'>;
  readonly changes: Pick<ProfileChanges, 'saved'>;
  readonly hasher: VisitorHasher;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** Undoes a link that was wrong: an id that is another person's gets a profile of its own, and both know what is theirs. */
export class UnmergeProfile {
  constructor(private readonly deps: UnmergeProfileDeps) {}

  /**
   * @param visitorId the id that leaves
   * @throws DomainError NOT_FOUND for an id without a profile; IDENTITY_CONFLICT with `details.reason` ONLY_ID for somebody's only id
   */
  async execute(visitorId: VisitorId): Promise<Unmerged> {
    const unmerged = await this.deps.profiles.transaction((tx) => this.unmerge(tx, visitorId), [visitorId]);
    this.deps.changes.saved(unmerged.kept);
    this.deps.changes.saved(unmerged.taken);
    return unmerged;
  }

  /** Events that arrive meanwhile write the profile as well: one of the two transactions starts over, and sees the other. */
  private async unmerge(tx: ProfileTransaction, leaving: VisitorId): Promise<Unmerged> {
    const { hasher, clock, newId } = this.deps;
    const [profile] = (await tx.known([leaving])).profiles;
    if (profile === undefined) {
      throw new DomainError('NOT_FOUND', 'visitorId names nobody with a profile', { details: { field: 'visitorId' } });
    }
    if (profile.aliases.length < 2) {
      const details = { field: 'visitorId', reason: 'ONLY_ID' };
      throw new DomainError('IDENTITY_CONFLICT', 'the person is known by no other id', { details });
    }
    const learned = await tx.learned(profile.aliases);
    const taking = { leaving, hash: hasher.hash(leaving), id: newId(), nowMs: clock.now() };
    const unmerged = unmergeProfile(profile, learned, taking);
    await tx.save({ profile: unmerged.kept, previousVersion: profile.version, claimed: [] });
    await tx.save({ profile: unmerged.taken, previousVersion: null, claimed: [leaving] });
    return unmerged;
  }
}
