import type { Profile } from '../domain/types';
import type { ProfileChanges, ProfileTransaction } from './profile.repository';

/** What a transaction wrote, for whoever has to hear of it after the commit. */
export interface JoinedProfiles {
  readonly saved: readonly Profile[];
  readonly removed: readonly { readonly id: string; readonly revision: number }[];
}

/**
 * Writes the one profile that takes the place of several, and points their ids at it.
 *
 * @param next with the id of one of `before`, or a new one
 * @param before as read in this transaction
 */
export async function joinProfiles(
  tx: ProfileTransaction,
  { next, before, nowMs }: { readonly next: Profile; readonly before: readonly Profile[]; readonly nowMs: number },
): Promise<JoinedProfiles & { readonly profile: Profile }> {
  const kept = before.find((profile) => profile.id === next.id);
  const gone = before.filter((profile) => profile.id !== next.id);
  const version = Math.max(0, ...before.map((profile) => profile.version)) + 1;
  const profile: Profile = { ...next, version, updatedAt: nowMs };
  const owned = new Set(kept?.aliases ?? []);
  for (const loser of gone) await tx.remove(loser.id, loser.version);
  await tx.save({ profile, previousVersion: kept?.version ?? null, claimed: profile.aliases.filter((alias) => !owned.has(alias)) });
  return { profile, saved: [profile], removed: gone.map(({ id, version: last }) => ({ id, revision: last + 1 })) };
}

/** Tells what was committed. */
export function announceJoined(changes: ProfileChanges, { saved, removed }: JoinedProfiles): void {
  for (const profile of saved) changes.saved(profile);
  for (const { id, revision } of removed) changes.removed(id, revision);
}
