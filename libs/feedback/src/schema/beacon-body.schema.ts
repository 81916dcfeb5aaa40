import { err, ok, type ErrorCode, type Result } from '@vitrine/kernel';

/** Most events that one call may bring. */
export const MAX_EVENTS_PER_CALL = 500;

/**
 * The body of `POST /v1/events`: an array of events, or `{ "events": [...] }`; as a value, or as the JSON text that `sendBeacon` sends
 * with `text/plain`. The events themselves are checked one by one later.
 *
 * @returns the events, or EVENT_MALFORMED or EVENT_TOO_LARGE for the whole body
 */
export function parseBeaconBody(body: unknown): Result<readonly unknown[], ErrorCode> {
  const value = typeof body === 'string' ? parseJson(body) : body;
  const events: unknown = typeof value === 'object' && value !== null && 'events' in value ? value.events : value;
  if (!Array.isArray(events)) return err('EVENT_MALFORMED');
  return events.length > MAX_EVENTS_PER_CALL ? err('EVENT_TOO_LARGE') : ok(events);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
