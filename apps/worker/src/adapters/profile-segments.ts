import { murmur3 } from '@vitrine/kernel';
import { encodeSegmentFeatures, mayDo, type ConsentDefault, type MongoProfileScan } from '@vitrine/profile';
import type { ProfileRow, ProfileRowSource, ProfileSlice, SegmentAssignment, SegmentMembershipSink } from '@vitrine/segment';

export interface ProfileSegmentsDeps {
  readonly scan: Pick<MongoProfileScan, 'page' | 'assign'>;
  readonly consentDefault: ConsentDefault;
}

const PAGE = 500;

/** Profiles as rows to train on, and segments on their way back. */
export class ProfileSegments implements ProfileRowSource, SegmentMembershipSink {
  /** Version of each profile as it was read: a profile that changed since keeps what it has. */
  private readonly versions = new Map<string, number>();

  constructor(private readonly deps: ProfileSegmentsDeps) {}

  async *read({ partition, partitions, purpose, after, asOf }: ProfileSlice): AsyncIterable<ProfileRow> {
    for (let last = after; ; ) {
      const page = await this.deps.scan.page(last, PAGE);
      for (const profile of page) {
        last = profile.id;
        if (murmur3(profile.id) % partitions !== partition || !mayDo(profile.consent, purpose, this.deps.consentDefault)) continue;
        if (purpose === 'PERSONALIZATION') this.versions.set(profile.id, profile.version);
        yield { profileId: profile.id, features: encodeSegmentFeatures(profile, asOf) };
      }
      if (page.length < PAGE) return;
    }
  }

  async assign(assignments: readonly SegmentAssignment[]): Promise<void> {
    await this.deps.scan.assign(
      assignments.flatMap(({ profileId, segmentId, modelVersion }) => {
        const version = this.versions.get(profileId);
        this.versions.delete(profileId);
        return version === undefined ? [] : [{ profileId, version, segment: { segmentId, modelVersion } }];
      }),
    );
  }
}
