import type { Migration } from '@vitrine/platform';
import { LEARNED_EVENTS } from './learned-events';
import { ERASURES } from './mongo-tombstones';
import { moveToFamilies } from './feature-families.migration';
import { prepareListing } from './listing.migration';

const MOVED_CONSENT_TTL_S = 60 * 60;

/** Indexes and shapes of profiles; ids are unique by being `_id`. */
export const profileMigrations: readonly Migration[] = [
  {
    id: 'profile-0001-indexes',
    async up(connection) {
      await connection.collection('profiles').createIndexes([
        { name: 'seen', key: { seenAt: -1, _id: -1 } },
        { name: 'segment_seen', key: { 'segment.segmentId': 1, seenAt: -1, _id: -1 } },
        { name: 'updated', key: { updatedAt: 1 } },
      ]);
      // Created here, since a transaction that creates a collection conflicts with every other that does.
      await connection.collection('profile_aliases').createIndexes([{ name: 'profile', key: { profileId: 1 } }]);
      await connection
        .collection('consents')
        .createIndexes([{ name: 'moved_ttl', key: { movedAt: 1 }, expireAfterSeconds: MOVED_CONSENT_TTL_S }]);
    },
  },
  { id: 'profile-0002-feature-families', up: moveToFamilies },
  {
    id: 'profile-0005-erasures',
    async up(connection) {
      await connection.collection(ERASURES).createIndexes([
        { name: 'ttl', key: { expiresAt: 1 }, expireAfterSeconds: 0 },
        { name: 'erasure', key: { erasureId: 1 } },
        { name: 'sweep', key: { sweepAt: 1 }, partialFilterExpression: { sweepAt: { $gt: new Date(0) } } },
      ]);
    },
  },
  { id: 'profile-0004-listing', up: prepareListing },
  {
    id: 'profile-0006-learned-events',
    async up(connection) {
      await connection.collection(LEARNED_EVENTS).createIndexes([{ name: 'person', key: { visitorHash: 1 } }]);
    },
  },
];
