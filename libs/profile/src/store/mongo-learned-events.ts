import mongoose, { type Connection } from 'mongoose';
import { visitorHash } from '@vitrine/kernel';
import type { LearnedEvent } from '../domain/unmerge';
import { LEARNED_EVENTS, type LearnedEventDoc } from './learned-events';
import { profileModels } from './profile.schema';

/** What profiles learned of single events, for trainings: by profile, whatever ids sent them. */
export class MongoLearnedEvents {
  constructor(private readonly connection: Connection) {}

  /** @returns events in no particular order; a profile without any is absent */
  async ofProfiles(profileIds: readonly string[]): Promise<ReadonlyMap<string, readonly LearnedEvent[]>> {
    const { aliases } = profileModels(this.connection);
    const rows = await aliases
      .find({ profileId: mongoose.trusted({ $in: [...profileIds] }) })
      .lean<{ _id: string; profileId: string }[]>()
      .exec();
    const owner = new Map(rows.map(({ _id, profileId }) => [_id, profileId]));
    const found = this.connection
      .collection<LearnedEventDoc>(LEARNED_EVENTS)
      .find({ visitorHash: { $in: [...owner.keys()] } })
      .project<Pick<LearnedEventDoc, 'visitorHash' | 'event' | 'purposes'>>({ visitorHash: 1, event: 1, purposes: 1 });
    const byProfile = new Map<string, LearnedEvent[]>();
    for await (const { visitorHash: hash, event, purposes } of found) {
      const profileId = owner.get(hash) ?? '';
      const events = byProfile.get(profileId) ?? [];
      byProfile.set(profileId, events);
      events.push({ visitorHash: visitorHash(hash), event, purposes });
    }
    return byProfile;
  }
}
