import { murmur3 } from '@vitrine/kernel';
import type { IncomingEvent } from './types';

/** Events of one visitor share a partition, hence keep their order. @returns 0 to `partitions` - 1 */
export function partitionOf(event: Pick<IncomingEvent, 'visitorId' | 'eventId'>, partitions: number): number {
  return murmur3(event.visitorId ?? event.eventId) % partitions;
}
