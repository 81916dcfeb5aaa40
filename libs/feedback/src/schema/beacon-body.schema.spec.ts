import { parseBeaconBody } from './beacon-body.schema';

describe('the body of a beacon', () => {
  it('is an array or an object with events, as a value or as text', () => {
    const events = [{ eventId: 'a' }];
    for (const body of [events, { events }, JSON.stringify(events), JSON.stringify({ events })]) {
      expect(parseBeaconBody(body)).toEqual({ ok: true, value: events });
    }
  });

  it.each([null, 7, '{', 'null', '{"events":{}}', {}])('is refused as %j', (body) => {
    expect(parseBeaconBody(body)).toEqual({ ok: false, error: 'EVENT_MALFORMED' });
  });

  it('brings at most 500 events', () => {
    expect(parseBeaconBody(Array.from({ length: 500 }, () => ({}))).ok).toBe(true);
    expect(parseBeaconBody(Array.from({ length: 501 }, () => ({})))).toEqual({ ok: false, error: 'EVENT_TOO_LARGE' });
  });
});
