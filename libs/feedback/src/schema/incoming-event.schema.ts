import { err, ok, visitorId, type ErrorCode, type Result } from '@vitrine/kernel';
import { z } from 'zod';
import { EVENT_TYPES, type IncomingEvent } from '../domain/types';

/** Characters of an event's `properties` as JSON. */
const MAX_PROPERTIES_CHARS = 4_096;
const EVENT_ID = /^[\x21-\x7e]{1,128}$/;

const instant = z.union([
  z.number().int(),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z.date().transform((date) => date.getTime()),
]);
const money = z.object({ amountMinor: z.number().int(), currency: z.string().length(3) });
const text = (max: number) => z.string().max(max);

/** `.nullish()` then null: an absent field and an explicit null mean the same. */
const incomingEvent = z.object({
  eventId: z.string().regex(EVENT_ID),
  type: z.enum(EVENT_TYPES),
  occurredAt: instant,
  visitorId: z.string().regex(EVENT_ID).transform(visitorId).nullish(),
  token: text(1_024).nullish(),
  productId: text(128).nullish(),
  category: text(128).nullish(),
  value: money.nullish(),
  dwellMs: z.number().int().nonnegative().nullish(),
  url: text(2_048).nullish(),
  properties: z.record(z.string(), z.unknown()).nullish(),
});

/** The id of something that may not be an event, for its outcome; empty when it has none. */
export function eventIdOf(raw: unknown): string {
  if (typeof raw !== 'object' || raw === null || !('eventId' in raw)) return '';
  return typeof raw.eventId === 'string' ? raw.eventId.slice(0, 128) : '';
}

/**
 * The one check of an event's shape, for GraphQL, the beacon and imports alike; times may be a number (ms), an ISO 8601 text or a Date.
 *
 * @returns the event, or EVENT_MALFORMED or EVENT_TOO_LARGE
 */
export function parseIncomingEvent(raw: unknown): Result<IncomingEvent, ErrorCode> {
  const parsed = incomingEvent.safeParse(raw);
  if (!parsed.success) return err('EVENT_MALFORMED');
  const { data } = parsed;
  const properties = data.properties ?? null;
  if (properties !== null && JSON.stringify(properties).length > MAX_PROPERTIES_CHARS) return err('EVENT_TOO_LARGE');
  return ok({
    eventId: data.eventId,
    type: data.type,
    occurredAt: data.occurredAt,
    visitorId: data.visitorId ?? null,
    token: data.token ?? null,
    productId: data.productId ?? null,
    category: data.category ?? null,
    value: data.value ?? null,
    dwellMs: data.dwellMs ?? null,
    url: data.url ?? null,
    properties,
  });
}
