import { catalogMigrations } from '@vitrine/catalog';
import { deliveryMigrations } from '@vitrine/delivery';
import { feedbackMigrations } from '@vitrine/feedback';
import type { Migration } from '@vitrine/platform';
import { profileMigrations } from '@vitrine/profile';
import { segmentMigrations } from '@vitrine/segment';

/** Every change of the database, in order; whichever process starts first runs them. */
export const MIGRATIONS: readonly Migration[] = [
  ...catalogMigrations,
  ...profileMigrations,
  ...feedbackMigrations,
  ...segmentMigrations,
  ...deliveryMigrations,
];
