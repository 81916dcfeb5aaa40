import { err, ok, type Result } from '@vitrine/kernel';
import { z } from 'zod';
import type { HeldEvent } from '../domain/quarantine-entry';
import { parseIncomingEvent } from './incoming-event.schema';

const heldEvent = z.object({
  event: z.unknown(),
  receivedAt: z.number().int(),
  userAgent: z.string().nullable(),
  signedIn: z.boolean(),
  internal: z.literal(true).exactOptional(),
});

/** An event as the quarantine holds it; rows outlive versions, so each is read with care. */
export function parseHeldEvent(raw: unknown): Result<HeldEvent, 'EVENT_MALFORMED'> {
  const parsed = heldEvent.safeParse(raw);
  if (!parsed.success) return err('EVENT_MALFORMED');
  const event = parseIncomingEvent(parsed.data.event);
  return event.ok ? ok({ ...parsed.data, event: event.value }) : err('EVENT_MALFORMED');
}
