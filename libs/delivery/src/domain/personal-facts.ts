import { assertNever } from '@vitrine/kernel';
import { interestsAt, visitsOf, type Profile } from '@vitrine/profile';
import type { BehaviourName, PersonalFacts } from './feature-source';

const DAY_MS = 86_400_000;

/** Where somebody stands in the live segment model; the coordinates may be computed when they are first read. */
export type Place = Pick<PersonalFacts, 'embedding'> & { readonly segmentId: string };

/**
 * A profile as features read it. Only to be called with the visitor's PERSONALIZATION consent.
 *
 * @param place null while no model is live
 */
export function personalFacts(profile: Pick<Profile, 'traits' | 'features'>, place: Place | null, nowMs: number): PersonalFacts {
  return new ProfileFacts(profile, place, nowMs);
}

/** A class, since an object literal with a getter costs a microsecond to make, and every page makes one. */
class ProfileFacts implements PersonalFacts {
  readonly traits: PersonalFacts['traits'];
  readonly segmentId: string | null;
  private shares: ReadonlyMap<string, number> | null = null;

  constructor(
    private readonly profile: Pick<Profile, 'traits' | 'features'>,
    private readonly place: Place | null,
    private readonly nowMs: number,
  ) {
    this.traits = profile.traits;
    this.segmentId = place?.segmentId ?? null;
  }

  get embedding(): Float64Array | null {
    return this.place?.embedding ?? null;
  }

  interestShare(category: string): number | null {
    this.shares ??= interestShares(this.profile, this.nowMs);
    return this.shares.size === 0 ? null : (this.shares.get(category) ?? 0);
  }

  behaviour(name: BehaviourName): number | null {
    return behaviourOf(this.profile, name, this.nowMs);
  }
}

/** Somebody of whom only the segment is known. With the visitor's PERSONALIZATION consent, as ever. */
export function segmentFacts({ segmentId, embedding }: Place): PersonalFacts {
  return { traits: {}, segmentId, embedding, interestShare: () => null, behaviour: () => null };
}

function interestShares({ features }: Pick<Profile, 'features'>, nowMs: number): ReadonlyMap<string, number> {
  const interests = interestsAt(features, nowMs);
  const total = interests.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(total > 0 ? interests.map(({ category, weight }) => [category, weight / total]) : []);
}

function behaviourOf({ features }: Pick<Profile, 'features'>, name: BehaviourName, nowMs: number): number | null {
  switch (name) {
    case 'visits':
      return visitsOf(features);
    case 'purchases':
      return features.purchase.purchases;
    case 'recencyDays':
      return features.visit.lastSeenAt === null ? null : Math.max(0, nowMs - features.visit.lastSeenAt) / DAY_MS;
    case 'monetaryValue':
      return features.purchase.monetaryMinor / 100;
    case 'dwellSeconds':
      return features.engagement.dwellMs / 1000;
    default:
      return assertNever(name);
  }
}
