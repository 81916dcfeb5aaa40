import { FEEDBACK_COLLECTIONS } from '@vitrine/feedback';
import { resealPersonal, type PersonalSealer } from '@vitrine/platform';
import { PROFILES_COLLECTION } from '@vitrine/profile';
import type { Connection } from 'mongoose';

const COLLECTIONS = [PROFILES_COLLECTION, FEEDBACK_COLLECTIONS.events];
const BATCH = 500;
/** Of one run: a job that goes on for hours holds up the others. */
const MOST = 50_000;

/**
 * Seals what lies under older keys again, in small batches, so that a key can be dropped once this finds nothing any more.
 *
 * @returns rows that were found under older keys
 * @throws DomainError PERSONAL_KEY_UNKNOWN naming a key that the ring lacks
 */
export async function resealPersonalData(connection: Connection, sealer: PersonalSealer): Promise<number> {
  let total = 0;
  for (const collection of COLLECTIONS) {
    for (let found = BATCH; found === BATCH && total < MOST;) {
      found = await resealPersonal({ connection, sealer, collection }, BATCH);
      total += found;
    }
  }
  return total;
}
