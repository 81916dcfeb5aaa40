import type { Clock, VisitorHash, VisitorId } from '@vitrine/kernel';
import type { Profile, VisitorHasher } from '../domain/types';
import { eraseFromPlaces, type ErasedPlaces } from './erase-from-places';
import type { PersonalData } from './personal-data';
import type { ErasedIdentity, ProfileChanges, ProfileRepository, ProfileTransaction } from './profile.repository';

/** What an erasure removed. It names nobody but by the id that was asked with. */
export interface ErasureReceipt extends Omit<ErasedPlaces, 'removed'> {
  readonly visitorId: string;
  /** ms since the epoch. */
  readonly erasedAt: number;
  /** Rows removed, by place; places with none included. */
  readonly removed: readonly { readonly place: string; readonly count: number }[];
  /** Keyed hashes that stay, to reject what is outstanding, and when they go too. */
  readonly tombstones: { readonly count: number; readonly expireAt: number };
}

export interface EraseProfileDeps {
  readonly profiles: Pick<ProfileRepository, 'transaction'>;
  readonly changes: Pick<ProfileChanges, 'removed'>;
  readonly hasher: VisitorHasher;
  /** In the order in which they are emptied: a place that tells of decisions after those that need to be told. */
  readonly places: readonly PersonalData[];
  readonly clock: Clock;
  readonly newId: () => string;
  /** How long tokens, and whatever else is outstanding, may come back. */
  readonly tombstoneMs: number;
}

interface Buried {
  readonly profile: Profile | null;
  readonly hashes: readonly VisitorHash[];
  readonly visitorIds: readonly VisitorId[];
  readonly identity: ErasedIdentity;
  readonly until: number;
  readonly expiresAt: number;
}

/** Other processes may decide on what they hold in memory for this long; what they do meanwhile counts as done before. */
export const SETTLING_MS = 5_000;
/** No transaction lives longer, so whatever began before the tombstones stood is there, or never will be. */
const FIRST_SWEEP_MS = 15_000;

/**
 * Forgets a person (GDPR article 17): profile, ids and consent at once with tombstones for every id; then, place by place, everything else.
 * Should it stop half way, the sweep of tombstones finishes it.
 */
export class EraseProfile {
  constructor(private readonly deps: EraseProfileDeps) {}

  /** @param visitorId any id of the person; for one that nobody knows, or that was erased before, there is little to remove */
  async execute(visitorId: VisitorId): Promise<ErasureReceipt> {
    const erasedAt = this.deps.clock.now();
    const buried = await this.deps.profiles.transaction((tx) => this.bury(tx, visitorId, erasedAt), [visitorId]);
    const { profile, hashes, visitorIds, identity, until, expiresAt } = buried;
    if (profile !== null) this.deps.changes.removed(profile.id, profile.version + 1);
    const person = { profileId: profile?.id ?? null, visitorIds, hashes };
    const { removed, ...effects } = await eraseFromPlaces(this.deps.places, { ...person, profile, until });
    const own = Object.entries(identity).map(([place, count]) => ({ place, count }));
    return {
      visitorId,
      erasedAt,
      removed: [...own, ...removed],
      ...effects,
      tombstones: { count: hashes.length, expireAt: expiresAt },
    };
  }

  private async bury(tx: ProfileTransaction, visitorId: VisitorId, erasedAt: number): Promise<Buried> {
    const { hasher, newId, tombstoneMs } = this.deps;
    const profile = (await tx.known([visitorId])).profiles[0] ?? null;
    const visitorIds = [...new Set([visitorId, ...(profile?.aliases ?? [])])];
    const hashes = visitorIds.map((id) => hasher.hash(id));
    const until = erasedAt + SETTLING_MS;
    const expiresAt = until + tombstoneMs;
    const burial = { hashes, erasureId: newId(), until, expiresAt, sweepAt: until + FIRST_SWEEP_MS };
    const identity = await tx.erase({ ...burial, profile });
    return { profile, hashes, visitorIds, identity, until, expiresAt };
  }
}
