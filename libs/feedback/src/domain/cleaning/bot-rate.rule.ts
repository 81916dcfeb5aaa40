import type { EventType, IncomingEvent } from '../types';
import type { ChunkRule } from './cleaning-rule';

/** More deeds than this in every second, */
export const MAX_DEEDS_PER_SECOND = 10;
/** sustained for so long, are no person's. */
export const SUSTAINED_MS = 3_000;
const LIMIT = (MAX_DEEDS_PER_SECOND * SUSTAINED_MS) / 1_000;

/** What a person does by hand. Proofs of showing and dwell reports are sent by the page itself, dozens at once. */
const DEEDS: ReadonlySet<EventType> = new Set<EventType>([
  'CLICK',
  'DISMISS',
  'PAGE_VIEW',
  'PRODUCT_VIEW',
  'SEARCH',
  'ADD_TO_CART',
  'PURCHASE',
]);

/**
 * Rejects everything that a visitor sent in the chunk when any three seconds of it, by the client's clock, hold more than thirty deeds:
 * more than ten a second, sustained. Events that name no visitor are not judged, for they may be many people's.
 */
export const botRateRule: ChunkRule = {
  name: 'bot-rate',
  code: 'BOT',
  check(events) {
    const tooFast = [...byVisitor(events).values()].filter(isTooFast);
    return new Set(tooFast.flatMap((own) => own.map(({ eventId }) => eventId)));
  },
};

function byVisitor(events: readonly IncomingEvent[]): ReadonlyMap<string, readonly IncomingEvent[]> {
  const groups = new Map<string, IncomingEvent[]>();
  for (const event of events) {
    if (event.visitorId === null) continue;
    const group = groups.get(event.visitorId) ?? [];
    group.push(event);
    groups.set(event.visitorId, group);
  }
  return groups;
}

function isTooFast(events: readonly IncomingEvent[]): boolean {
  if (events.length <= LIMIT) return false;
  const times = events.flatMap(({ type, occurredAt }) => (DEEDS.has(type) ? [occurredAt] : [])).toSorted((a, b) => a - b);
  return times.some((start, at) => (times[at + LIMIT] ?? Infinity) - start < SUSTAINED_MS);
}
