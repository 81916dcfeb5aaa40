import fc from 'fast-check';
import { applyEvents, emptyFeatures } from './features/feature-catalogue';
import type { ProfileEvent } from './profile-event';
import { aProfileEvent, profileEvents } from './profile-event.fixture';
import { responseHistory, segmentFeaturesFor } from './response-history';
import { encodeSegmentFeatures } from './segment-features';
import type { Purpose } from './types';

const FROM = Date.UTC(2026, 0, 5);
const UNTIL = FROM + 7 * 86_400_000;
const WINDOW = { from: FROM, until: UNTIL };
const ALLOWED: readonly Purpose[] = ['ANALYTICS', 'PERSONALIZATION', 'TRAINING'];
const learned = (events: readonly ProfileEvent[], purposes = ALLOWED) => events.map((event) => ({ event, purposes }));
const at = (occurredAt: number, over: Partial<ProfileEvent> = {}) => aProfileEvent({ occurredAt, ...over });

describe('segmentFeaturesFor', () => {
  it('gives what the plain encoding of all events gives where all are allowed', () => {
    fc.assert(
      fc.property(profileEvents, (events) => {
        const end = Date.UTC(2027, 0, 1);
        const plain = encodeSegmentFeatures({ features: applyEvents(emptyFeatures(), events) }, end);
        expect(segmentFeaturesFor(learned(events), 'TRAINING', end)).toEqual(plain);
      }),
    );
  });

  it('knows nothing of events that the purpose may not see, nor of what came at or after the moment', () => {
    fc.assert(
      fc.property(profileEvents, profileEvents, (seen, unseen) => {
        const all = [...learned(seen), ...learned(unseen, ['ANALYTICS', 'PERSONALIZATION'])];
        const later = seen.map((event) => ({ ...event, occurredAt: event.occurredAt + UNTIL }));
        const end = UNTIL + Math.min(...seen.map(({ occurredAt }) => occurredAt), UNTIL);
        expect(segmentFeaturesFor([...all, ...learned(later)], 'TRAINING', end)).toEqual(
          segmentFeaturesFor(learned(seen), 'TRAINING', end),
        );
      }),
    );
  });
});

describe('responseHistory', () => {
  const view = at(FROM - 86_400_000, { type: 'PRODUCT_VIEW', productId: 'p' });

  it.each(['CLICK', 'ADD_TO_CART', 'PURCHASE'] as const)('takes a %s in the window for a response', (type) => {
    expect(responseHistory(learned([view, at(FROM + 1, { type })]), 'TRAINING', WINDOW)?.responded).toBe(true);
  });

  it.each(['PAGE_VIEW', 'PRODUCT_VIEW', 'IMPRESSION', 'DISMISS'] as const)('takes a %s for none', (type) => {
    expect(responseHistory(learned([view, at(FROM + 1, { type })]), 'TRAINING', WINDOW)?.responded).toBe(false);
  });

  it('begins with the window and ends before its end', () => {
    const click = (occurredAt: number) =>
      responseHistory(learned([at(FROM + 5), at(occurredAt, { type: 'CLICK' })]), 'TRAINING', WINDOW)?.responded;
    expect([click(FROM - 1), click(FROM), click(UNTIL - 1), click(UNTIL)]).toEqual([false, true, true, false]);
  });

  it('says nothing of somebody who did not come in the window', () => {
    expect(responseHistory([], 'TRAINING', WINDOW)).toBeNull();
    expect(responseHistory(learned([view, at(UNTIL, { type: 'PURCHASE' })]), 'TRAINING', WINDOW)).toBeNull();
  });

  it('neither sees people come nor respond in events that the purpose may not see', () => {
    const hidden = learned([at(FROM + 1, { type: 'PURCHASE' })], ['PERSONALIZATION']);
    expect(responseHistory([...learned([view]), ...hidden], 'TRAINING', WINDOW)).toBeNull();
    expect(responseHistory([...learned([at(FROM + 2)]), ...hidden], 'TRAINING', WINDOW)?.responded).toBe(false);
  });

  it('shows the person as they were when the window began: what they did in it changes no feature', () => {
    const did = learned([at(FROM, { type: 'PURCHASE', valueMinor: 900 }), at(FROM + 9, { type: 'CLICK' })]);
    const history = responseHistory([...learned([view]), ...did], 'TRAINING', WINDOW);
    expect(history?.features).toEqual(segmentFeaturesFor(learned([view]), 'TRAINING', FROM));
    expect(history?.features).not.toEqual(segmentFeaturesFor([...learned([view]), ...did], 'TRAINING', UNTIL));
  });
});
