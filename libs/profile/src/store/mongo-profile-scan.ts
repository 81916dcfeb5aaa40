import mongoose, { type Connection } from 'mongoose';
import type { Clock } from '@vitrine/kernel';
import type { SegmentMembership } from '../domain/types';
import { toAnonymousProfile, type AnonymousProfile } from './profile.mapper';
import { profileModels, type ProfileDoc, type ProfileModels } from './profile.schema';

export interface SegmentAssignment {
  readonly profileId: string;
  /** Version of the profile that the segment was found from. */
  readonly version: number;
  readonly segment: SegmentMembership | null;
}

/** Walks all profiles in id order, for training and reassignment, which learn nothing of who they are; resumable from the last id. */
export class MongoProfileScan {
  private readonly models: ProfileModels;

  constructor(private readonly deps: { readonly connection: Connection; readonly clock: Clock }) {
    this.models = profileModels(deps.connection);
  }

  /** @param afterId exclusive; null starts at the first. An empty page is the end. */
  async page(afterId: string | null, limit: number): Promise<readonly AnonymousProfile[]> {
    const filter = afterId === null ? {} : { _id: mongoose.trusted({ $gt: afterId }) };
    const rows = await this.models.profiles
      .find(filter, { personal: 0, keyId: 0 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<Omit<ProfileDoc, 'personal' | 'keyId'>[]>()
      .exec();
    return rows.map(toAnonymousProfile);
  }

  /**
   * Stores segments. A profile that changed since it was read is left alone: it may have been cleared in between, and a later pass finds it.
   *
   * @returns how many were stored
   */
  async assign(assignments: readonly SegmentAssignment[]): Promise<number> {
    if (assignments.length === 0) return 0;
    const updatedAt = this.deps.clock.now();
    const { modifiedCount } = await this.models.profiles.bulkWrite(
      assignments.map(({ profileId, version, segment }) => ({
        updateOne: { filter: { _id: profileId, version }, update: { $set: { segment, updatedAt, version: version + 1 } } },
      })),
      { ordered: false },
    );
    return modifiedCount;
  }
}
