import type { Migration } from '@vitrine/platform';
import { DECISIONS } from './mongo-decision.repository';

/**
 * Each decision carries the time it expires at, so that a changed retention holds for new decisions without touching the index.
 */
export const deliveryMigrations: readonly Migration[] = [
  {
    id: 'delivery-0001-decision-indexes',
    async up(connection) {
      const decisions = connection.collection(DECISIONS);
      await decisions.createIndex({ expiresAt: 1 }, { name: 'expiry', expireAfterSeconds: 0 });
      await decisions.createIndex({ visitorHash: 1 }, { name: 'visitor', sparse: true });
      await decisions.createIndex({ placementId: 1, decidedAt: 1 }, { name: 'placement_time' });
    },
  },
];
