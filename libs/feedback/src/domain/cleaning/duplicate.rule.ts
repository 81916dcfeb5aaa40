import type { FeedbackChunk } from '../feedback-chunk';
import type { IncomingEvent } from '../types';
import type { ChunkRule } from './cleaning-rule';

/**
 * Rejects an event that says, under an id of its own, exactly what an earlier one of the chunk said: a tag that is on the page twice
 * fires twice in the same millisecond. Events of nobody in particular are left alone, for two people may do the same.
 */
export const duplicateRule: ChunkRule = {
  name: 'duplicate',
  code: 'EVENT_DUPLICATE',
  check(events) {
    const said = new Set<string>();
    const repeats = new Set<string>();
    for (const event of events) {
      if (event.visitorId === null) continue;
      const content = contentOf(event);
      if (said.has(content)) repeats.add(event.eventId);
      said.add(content);
    }
    return repeats;
  },
};

function contentOf({ type, occurredAt, visitorId, token, productId, category, value, dwellMs, url, properties }: IncomingEvent): string {
  return JSON.stringify([type, occurredAt, visitorId, token, productId, category, value, dwellMs, url, properties]);
}

/**
 * Ids of events that came a second time, as the edge saw it or as the database knows it. They count once whatever is switched off, for the
 * id is the key of the stored event; this rule only has them counted. A chunk that merely runs again is no repetition, for its events were
 * stored with its own time of receipt; nor is what comes out of quarantine.
 *
 * @param storedAt when each known event was received, by id
 */
export function repeatsIn(
  { events, receivedAt, repeated, redriven }: FeedbackChunk,
  storedAt: ReadonlyMap<string, number>,
): readonly string[] {
  const driven = new Set(redriven?.map(({ eventId }) => eventId));
  const sentAgain = ({ eventId }: IncomingEvent): boolean => !driven.has(eventId) && (storedAt.get(eventId) ?? receivedAt) !== receivedAt;
  return [...new Set([...(repeated ?? []), ...events.filter(sentAgain).map(({ eventId }) => eventId)])];
}
