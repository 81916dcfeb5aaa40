import type { ProfileChanges } from '../application/profile.repository';
import type { CachedProfileReader } from './cached-profile-reader';

/** Applies committed changes to this process's cache and tells the other processes. */
export function createProfileChanges(deps: {
  readonly cache: Pick<CachedProfileReader, 'put' | 'putStranger' | 'invalidate'>;
  readonly announce: (message: { readonly kind: 'profile'; readonly id: string; readonly revision: number }) => void;
}): ProfileChanges {
  return {
    saved(profile) {
      deps.cache.put(profile);
      deps.announce({ kind: 'profile', id: profile.id, revision: profile.version });
    },
    removed(id, revision) {
      deps.cache.invalidate(id, revision);
      deps.announce({ kind: 'profile', id, revision });
    },
    // Not announced: notices name profiles, and a hash of a refusal is nobody's business. Other processes ask again within a second.
    consentRecorded(visitorId, consent) {
      deps.cache.putStranger(visitorId, consent);
    },
  };
}
