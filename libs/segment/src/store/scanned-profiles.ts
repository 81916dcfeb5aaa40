import { murmur3 } from '@vitrine/kernel';
import {
  encodeSegmentFeatures,
  mayDo,
  mayKeepProfile,
  type Consent,
  type ConsentDefault,
  type MongoProfileScan,
  type Purpose,
} from '@vitrine/profile';
import type { ProfileRow, ProfileRowSource, ProfileSlice, SegmentAssignment, SegmentMembershipSink } from '../application/training-ports';

export interface ScannedProfilesDeps {
  readonly scan: Pick<MongoProfileScan, 'page' | 'assign'>;
  /** What holds for a person who said nothing about a purpose. */
  readonly consentDefault: ConsentDefault;
}

const PAGE = 500;

/**
 * The profile store as rows for training and as the place where segments go. A partition is a hash of the profile id, so every partition
 * pages through all profiles and keeps its share: reading grows with the number of partitions, encoding and writing do not.
 */
export class ScannedProfiles implements ProfileRowSource, SegmentMembershipSink {
  constructor(private readonly deps: ScannedProfilesDeps) {}

  async *read({ partition, partitions, purpose, after, asOf }: ProfileSlice): AsyncIterable<ProfileRow> {
    for (let last = after; ;) {
      const profiles = await this.deps.scan.page(last, PAGE);
      for (const profile of profiles) {
        if (murmur3(profile.id) % partitions !== partition || !this.mayRead(profile.consent, purpose)) continue;
        yield { profileId: profile.id, profileVersion: profile.version, features: encodeSegmentFeatures(profile, asOf) };
      }
      last = profiles.at(-1)?.id ?? null;
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

  /** Whoever takes back everything that a profile is kept for leaves one with their words in it: no row, whatever else they allowed. */
  private mayRead(consent: Consent, purpose: Purpose): boolean {
    const { consentDefault } = this.deps;
    return mayDo(consent, purpose, consentDefault) && mayKeepProfile(consent, consentDefault);
  }
}
