import { murmur3 } from '@vitrine/kernel';
import {
  CONSENT_CLOCK_TOLERANCE_MS,
  encodeSegmentFeatures,
  grantedThroughout,
  mayDo,
  mayKeepProfile,
  responseHistory,
  segmentFeaturesFor,
  type Consent,
  type ConsentDefault,
  type LearnedEvent,
  type MongoLearnedEvents,
  type MongoProfileScan,
  type Purpose,
} from '@vitrine/profile';
import type { ProfileRow, ProfileRowSource, ProfileSlice, SegmentAssignment, SegmentMembershipSink } from '../application/training-ports';

export interface ScannedProfilesDeps {
  readonly scan: Pick<MongoProfileScan, 'page' | 'assign'>;
  readonly events: Pick<MongoLearnedEvents, 'ofProfiles'>;
  /** What holds for a person who said nothing about a purpose. */
  readonly consentDefault: ConsentDefault;
}

const PAGE = 500;

type ScannedProfile = Awaited<ReturnType<MongoProfileScan['page']>>[number];
type Learned = ReadonlyMap<string, readonly LearnedEvent[]>;

/**
 * The profile store as rows for training and as the place where segments go. A partition is a hash of the profile id, so every partition
 * pages through all profiles and keeps its share: reading grows with the number of partitions, encoding and writing do not.
 */
export class ScannedProfiles implements ProfileRowSource, SegmentMembershipSink {
  constructor(private readonly deps: ScannedProfilesDeps) {}

  async *read(slice: ProfileSlice): AsyncIterable<ProfileRow> {
    const { partition, partitions, purpose, after } = slice;
    for (let last = after; ;) {
      const page = await this.deps.scan.page(last, PAGE);
      const mine = page.filter(({ id, consent }) => murmur3(id) % partitions === partition && this.mayRead(consent, purpose));
      const learned = await this.learnedOf(mine, slice);
      for (const profile of mine) yield this.rowOf(profile, slice, learned);
      last = page.at(-1)?.id ?? null;
      if (last === null) return;
    }
  }

  async assign(assignments: readonly SegmentAssignment[]): Promise<void> {
    await this.deps.scan.assign(
      assignments.map(({ profileId, profileVersion, segmentId, modelVersion }) => ({
        profileId,
        version: profileVersion,
        segment: { segmentId, modelVersion },
      })),
    );
  }

  private rowOf(profile: ScannedProfile, slice: ProfileSlice, learned: Learned): ProfileRow {
    const { id: profileId, version: profileVersion } = profile;
    const { purpose, asOf, windowOf } = slice;
    const window = windowOf?.(profileId) ?? null;
    const own = learned.get(profileId) ?? [];
    return {
      ...{ profileId, profileVersion },
      features: this.isWhole(profile, purpose) ? encodeSegmentFeatures(profile, asOf) : segmentFeaturesFor(own, purpose, asOf),
      history: window === null ? null : responseHistory(own, purpose, window),
    };
  }

  /** Single events are read where a window is asked for, and of those whose sums hold more than the purpose may see. */
  private async learnedOf(profiles: readonly ScannedProfile[], { purpose, windowOf }: ProfileSlice): Promise<Learned> {
    const asked = profiles.filter((profile) => !this.isWhole(profile, purpose) || (windowOf?.(profile.id) ?? null) !== null);
    return asked.length === 0 ? new Map() : this.deps.events.ofProfiles(asked.map(({ id }) => id));
  }

  /**
   * Whether all that the profile sums up may be used: what was learned before the purpose was granted, or while it was taken back, may not.
   * PERSONALIZATION is what profiles are summed up for in the first place.
   */
  private isWhole({ consent, createdAt, features }: ScannedProfile, purpose: Purpose): boolean {
    if (purpose === 'PERSONALIZATION') return true;
    const first = features.visit.history.recent[0]?.from ?? createdAt;
    const since = Math.min(createdAt, first + CONSENT_CLOCK_TOLERANCE_MS);
    return grantedThroughout(consent, purpose, { since, byDefault: this.deps.consentDefault });
  }

  /** Whoever takes back everything that a profile is kept for leaves one with their words in it: no row, whatever else they allowed. */
  private mayRead(consent: Consent, purpose: Purpose): boolean {
    const { consentDefault } = this.deps;
    return mayDo(consent, purpose, consentDefault) && mayKeepProfile(consent, consentDefault);
  }
}
