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
  constructor(private readonly deps: ProfileSegmentsDeps) {}

  async *read({ partition, partitions, purpose, after, asOf }: ProfileSlice): AsyncIterable<ProfileRow> {
    for (let last = after; ; ) {
      const page = await this.deps.scan.page(last, PAGE);
      for (const profile of page) {
        last = profile.id;
        if (murmur3(profile.id) % partitions !== partition || !mayDo(profile.consent, purpose, this.deps.consentDefault)) continue;
        yield { profileId: profile.id, profileVersion: profile.version, features: encodeSegmentFeatures(profile, asOf) };
      }
      if (page.length < PAGE) return;
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
}
