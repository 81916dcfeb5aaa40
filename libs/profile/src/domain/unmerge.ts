import type { VisitorHash, VisitorId } from '@vitrine/kernel';
import { applyEvents, emptyFeatures, type BehaviouralFeatures } from './features/feature-catalogue';
import { newProfile } from './profile';
import type { ProfileEvent } from './profile-event';
import type { Profile, Purpose } from './types';

/** What a profile learned of one event: kept under the id that sent it, so that ids can be told apart again. */
export interface LearnedEvent {
  /** Of the id that sent it. */
  readonly visitorHash: VisitorHash;
  readonly event: ProfileEvent;
  /** What it was allowed to be used for. */
  readonly purposes: readonly Purpose[];
}

/** Adds what events teach to what is known; each as far as it was allowed. Their order does not matter. */
export function learnFrom(
  features: BehaviouralFeatures,
  learned: readonly Pick<LearnedEvent, 'event' | 'purposes'>[],
): BehaviouralFeatures {
  const bySet = new Map<string, { readonly purposes: readonly Purpose[]; readonly events: ProfileEvent[] }>();
  for (const { event, purposes } of learned) {
    const key = purposes.toSorted().join();
    const batch = bySet.get(key) ?? { purposes, events: [] };
    bySet.set(key, batch);
    batch.events.push(event);
  }
  return [...bySet.values()].reduce((known, { purposes, events }) => applyEvents(known, events, new Set(purposes)), features);
}

export interface Unmerged {
  /** Has the profile's id, and every id but the one that left. */
  readonly kept: Profile;
  readonly taken: Profile;
}

/**
 * Takes one id out of a profile into one of its own. What events taught goes with the id that sent them, exactly: both sides are made anew
 * from the events that are held. What cannot be told apart stays with the side that is signed in, else with the profile: traits, device and
 * locale. Consent holds for both, as it was said by whoever said it. Segments are found anew.
 *
 * @param learned of every id of the profile, in any order
 * @param taking `leaving` is one of the profile's ids, and not its only one
 */
export function unmergeProfile(
  profile: Profile,
  learned: readonly LearnedEvent[],
  taking: { readonly leaving: VisitorId; readonly hash: VisitorHash; readonly id: string; readonly nowMs: number },
): Unmerged {
  const { leaving, hash, id, nowMs } = taking;
  const signedIn = profile.userId === leaving;
  const own = (theirs: boolean): BehaviouralFeatures =>
    learnFrom(
      emptyFeatures(),
      learned.filter(({ visitorHash }) => (visitorHash === hash) === theirs),
    );
  const { traits, traitTimes, device, locale, clientAt } = profile;
  const told = { traits, traitTimes, device, locale, clientAt };
  const untold = { traits: {}, traitTimes: {}, device: null, locale: null, clientAt: 0 };
  const fresh = newProfile({ id, alias: leaving, userId: signedIn ? leaving : null, nowMs });
  return {
    kept: {
      ...profile,
      ...(signedIn ? untold : told),
      userId: signedIn ? null : profile.userId,
      aliases: profile.aliases.filter((alias) => alias !== leaving),
      features: own(false),
      segment: null,
      version: profile.version + 1,
      updatedAt: nowMs,
    },
    taken: { ...fresh, ...(signedIn ? told : untold), consent: profile.consent, features: own(true), createdAt: profile.createdAt },
  };
}
