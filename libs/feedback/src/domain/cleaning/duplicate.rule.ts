import type { IncomingEvent } from '../types';
import type { ChunkRule } from './cleaning-rule';

/**
 * Rejects an event that says, under an id of its own, exactly what an earlier one of the chunk said: a tag that is on the page twice
 * fires twice in the same millisecond. (The same id twice is the same event: that is no rule but the unique index, and cannot be switched
 * off.) Events of nobody in particular are left alone, for two people may do the same.
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
