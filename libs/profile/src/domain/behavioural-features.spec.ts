import {
  applyEvent,
  applyEvents,
  emptyFeatures,
  exposuresWithin,
  interestsAt,
  MAX_EXPOSED_CAMPAIGNS,
  MAX_EXPOSURES,
  MAX_INTERESTS,
} from './behavioural-features';
import { aProfileEvent } from './profile-event.fixture';

const T = Date.UTC(2026, 0, 1, 12);

describe('applying events', () => {
  it('weighs a purchase above a click above a view', () => {
    const features = applyEvents(emptyFeatures(), [
      aProfileEvent({ type: 'PRODUCT_VIEW', category: 'hats', occurredAt: T }),
      aProfileEvent({ type: 'CLICK', category: 'shoes', occurredAt: T }),
      aProfileEvent({ type: 'PURCHASE', category: 'coats', occurredAt: T, valueMinor: 4200 }),
    ]);
    expect(interestsAt(features, T)).toEqual([
      { category: 'coats', weight: 5 },
      { category: 'shoes', weight: 2 },
      { category: 'hats', weight: 1 },
    ]);
    expect(features).toMatchObject({ purchases: 1, monetaryMinor: 4200, lastPurchaseAt: T, clicks: 1, productViews: 1, visits: 1 });
  });

  it('takes refunded money out without making the shopper present', () => {
    const bought = applyEvent(emptyFeatures(), aProfileEvent({ type: 'PURCHASE', occurredAt: T, valueMinor: 4200 }));
    const refunded = applyEvent(bought, aProfileEvent({ type: 'REFUND', occurredAt: T + 86_400_000, valueMinor: 4200 }));
    expect(refunded).toMatchObject({ monetaryMinor: 0, purchases: 1, visits: 1, lastSeenAt: T });
  });

  it('keeps the later product when an earlier view arrives late', () => {
    const features = applyEvents(emptyFeatures(), [
      aProfileEvent({ type: 'PRODUCT_VIEW', productId: 'new', category: 'hats', occurredAt: T }),
      aProfileEvent({ type: 'PAGE_VIEW', occurredAt: T + 1000 }),
      aProfileEvent({ type: 'PRODUCT_VIEW', productId: 'old', category: 'shoes', occurredAt: T - 1000 }),
    ]);
    expect(features).toMatchObject({ lastProductId: 'new', lastCategory: 'hats', lastSeenAt: T + 1000 });
  });

  it('counts activated shows of a campaign within a window, and no click as a show', () => {
    const shows = [0, 1, 2].map((h) => aProfileEvent({ type: 'IMPRESSION', campaignId: 'sale', occurredAt: T + h * 3_600_000 }));
    const features = applyEvents(emptyFeatures(), [
      ...shows,
      aProfileEvent({ type: 'CLICK', campaignId: 'sale', occurredAt: T + 7_200_000 }),
    ]);
    const nowMs = T + 7_200_000;
    expect(exposuresWithin(features, 'sale', { nowMs, windowMs: 3_600_000 })).toBe(2);
    expect(exposuresWithin(features, 'sale', { nowMs, windowMs: 86_400_000 })).toBe(3);
    expect(exposuresWithin(features, 'constructor', { nowMs, windowMs: 86_400_000 })).toBe(0);
  });

  it('stays small whatever a client sends', () => {
    const many = Array.from({ length: 500 }, (_, i) => [
      aProfileEvent({ type: 'PRODUCT_VIEW', category: `cat-${i}`, occurredAt: T + i }),
      aProfileEvent({ type: 'IMPRESSION', campaignId: `camp-${i}`, occurredAt: T + i }),
      aProfileEvent({ type: 'IMPRESSION', campaignId: 'often', occurredAt: T + i }),
    ]).flat();
    const features = applyEvents(emptyFeatures(), many);
    expect(Object.keys(features.interests)).toHaveLength(MAX_INTERESTS);
    expect(features.interests).toHaveProperty('cat-499');
    expect(Object.keys(features.exposures)).toHaveLength(MAX_EXPOSED_CAMPAIGNS);
    expect(features.exposures['often']).toHaveLength(MAX_EXPOSURES);
    expect(features.exposures['often']?.at(-1)).toBe(T + 499);
  });

  it('does not touch the features it was given', () => {
    const before = Object.freeze(emptyFeatures());
    applyEvent(before, aProfileEvent({ type: 'CLICK', category: 'hats', occurredAt: T }));
    expect(before).toEqual(emptyFeatures());
    expect(applyEvents(before, [])).toBe(before);
  });
});
