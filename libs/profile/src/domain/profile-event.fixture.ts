import fc from 'fast-check';
import { PROFILE_EVENT_TYPES, type ProfileEvent } from './profile-event';

/** An event with nothing in it but what a test says. */
export function aProfileEvent(over: Partial<ProfileEvent> = {}): ProfileEvent {
  const nothing = { category: null, productId: null, valueMinor: null, dwellMs: null, scrollDepth: null, device: null };
  return { type: 'PAGE_VIEW', occurredAt: 0, ...nothing, campaignId: null, bannerId: null, throughBanner: false, ...over };
}

const T0 = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

/** Events of any type over ten days, crowded enough for visits to join, categories to repeat and moments to coincide. */
export const profileEvents: fc.Arbitrary<ProfileEvent[]> = fc.array(
  fc
    .record({
      type: fc.constantFrom(...PROFILE_EVENT_TYPES),
      occurredAt: fc.integer({ min: 0, max: 40 }).map((n) => T0 + n * 6 * HOUR),
      category: fc.option(fc.constantFrom('shoes', 'hats', 'a.b', '$set', '__proto__', 'constructor')),
      productId: fc.option(fc.constantFrom('p1', 'p2', 'p3')),
      valueMinor: fc.option(fc.integer({ min: 0, max: 100_000 })),
      dwellMs: fc.option(fc.integer({ min: 0, max: 60_000 })),
      campaignId: fc.option(fc.constantFrom('c1', 'c2', 'toString')),
      bannerId: fc.option(fc.constantFrom('b1', 'b2', 'valueOf')),
      throughBanner: fc.boolean(),
      device: fc.option(fc.constantFrom('MOBILE', 'DESKTOP')),
      scrollDepth: fc.option(fc.integer({ min: 0, max: 4 }).map((quarters) => quarters / 4)),
    })
    .chain((event) => fc.integer({ min: 0, max: 50 }).map((minutes) => ({ ...event, occurredAt: event.occurredAt + minutes * 60_000 }))),
  { maxLength: 25 },
);
