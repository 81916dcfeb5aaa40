import { randomBytes } from 'node:crypto';
import { systemClock, uuidv7, type Clock } from '@vitrine/kernel';

/** Time-ordered unique ids. */
export function newUuid(clock: Clock = systemClock): string {
  return uuidv7(clock.now(), randomBytes(10));
}
