import { catalogMigrations } from '@vitrine/catalog';
import { deliveryMigrations } from '@vitrine/delivery';
import { feedbackMigrations, sealedEventsMigration } from '@vitrine/feedback';
import { createPersonalSealer, type Config, type Migration } from '@vitrine/platform';
import { createVisitorHasher, profileMigrations, sealedProfilesMigration } from '@vitrine/profile';
import { segmentMigrations } from '@vitrine/segment';

/** Every change of the database, in order; whichever process starts first runs them. */
export function migrationsOf(config: Pick<Config, 'PERSONAL_DATA_KEYS' | 'VISITOR_HASH_KEY'>): readonly Migration[] {
  const sealer = createPersonalSealer(config.PERSONAL_DATA_KEYS);
  return [
    ...catalogMigrations,
    ...profileMigrations,
    sealedProfilesMigration({ sealer, hasher: createVisitorHasher(config.VISITOR_HASH_KEY) }),
    ...feedbackMigrations,
    sealedEventsMigration(sealer),
    ...segmentMigrations,
    ...deliveryMigrations,
  ];
}
