import { exposuresWithin, interestsAt } from '../behavioural-features';
import { aProfileEvent } from '../profile-event.fixture';
import { PURPOSES } from '../types';
import { MAX_EXPOSED_CAMPAIGNS, MAX_EXPOSURES } from './exposure.family';
import {
  applyEvent,
  applyEvents,
  emptyFeatures,
  FAMILY_NAMES,
  FEATURE_CATALOGUE,
  FEATURE_FAMILIES,
  readFeatures,
  type BehaviouralFeatures,
} from './feature-catalogue';
import type { FeatureValue } from './feature-family';
import { MAX_INTERESTS } from './interest.family';

const T = Date.UTC(2026, 0, 1, 12);
const read = (features: BehaviouralFeatures, ...names: readonly string[]): readonly (FeatureValue | undefined)[] => {
  const values = readFeatures(features, T, names);
  return names.map((name) => values.get(name));
};

describe('the catalogue', () => {
  it('says of every feature what it is used for, and from which events it is learned', () => {
    for (const { name, purpose, events, description, unit, window } of FEATURE_CATALOGUE) {
      expect([name, PURPOSES.includes(purpose), events.length > 0]).toEqual([name, true, true]);
      expect([description, unit, window].every((text) => text.trim().length > 0)).toBe(true);
    }
  });

  it('has each name once, and a value of the declared type for each', () => {
    expect(new Set(FEATURE_CATALOGUE.map(({ name }) => name)).size).toBe(FEATURE_CATALOGUE.length);
    const features = applyEvents(emptyFeatures(), [
      aProfileEvent({ type: 'PRODUCT_VIEW', category: 'hats', productId: 'p', valueMinor: 5, device: 'MOBILE' }),
      aProfileEvent({ type: 'PURCHASE', valueMinor: 5, throughBanner: true }),
      aProfileEvent({ type: 'ADD_TO_CART' }),
      aProfileEvent({ type: 'IMPRESSION', campaignId: 'c', bannerId: 'b' }),
      aProfileEvent({ type: 'PAGE_LEAVE', dwellMs: 5, scrollDepth: 0.5 }),
    ]);
    const values = readFeatures(features, T + 7 * 86_400_000);
    const typeOf = (value: FeatureValue | undefined): string =>
      Array.isArray(value) ? 'TABLE' : typeof value === 'string' ? 'TEXT' : 'NUMBER';
    for (const { name, type } of FEATURE_CATALOGUE)
      expect([name, typeOf(values.get(name))]).toEqual([name, type === 'TIME' ? 'NUMBER' : type]);
    for (const family of FAMILY_NAMES) {
      const declared = FEATURE_CATALOGUE.filter((feature) => feature.family === family).map(({ name }) => name);
      expect(FEATURE_FAMILIES[family].features.map(({ name }) => name)).toEqual(declared);
    }
  });

  it('refuses a feature that it does not know, by name', () => {
    expect(() => readFeatures(emptyFeatures(), T, ['visits', 'shoeSize'])).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_FEATURE', details: { feature: 'shoeSize' } }),
    );
  });

  it('learns nothing for a purpose that was not granted', () => {
    const event = aProfileEvent({ type: 'PURCHASE', category: 'hats', valueMinor: 100, device: 'MOBILE' });
    expect(applyEvents(emptyFeatures(), [event], new Set(['ANALYTICS', 'TRAINING']))).toEqual(emptyFeatures());
    expect(applyEvents(emptyFeatures(), [event], new Set(['PERSONALIZATION']))).toEqual(applyEvent(emptyFeatures(), event));
  });
});

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
    expect(read(features, 'purchases', 'monetaryMinor', 'lastPurchaseAt', 'clicks', 'productViews', 'visits')).toEqual([
      1,
      4200,
      T,
      1,
      1,
      1,
    ]);
    expect(read(features, 'priceBandInterest')).toEqual([[{ key: '20-50', value: 5 }]]);
  });

  it('takes refunded money out without making the shopper present', () => {
    const bought = applyEvent(emptyFeatures(), aProfileEvent({ type: 'PURCHASE', occurredAt: T, valueMinor: 4200 }));
    const refunded = applyEvent(bought, aProfileEvent({ type: 'REFUND', occurredAt: T + 86_400_000, valueMinor: 4200 }));
    expect(read(refunded, 'monetaryMinor', 'purchases', 'visits', 'lastSeenAt')).toEqual([0, 1, 1, T]);
  });

  it('keeps the later product when an earlier view arrives late', () => {
    const features = applyEvents(emptyFeatures(), [
      aProfileEvent({ type: 'PRODUCT_VIEW', productId: 'new', category: 'hats', occurredAt: T }),
      aProfileEvent({ type: 'PAGE_VIEW', occurredAt: T + 1000 }),
      aProfileEvent({ type: 'PRODUCT_VIEW', productId: 'old', category: 'shoes', occurredAt: T - 1000 }),
    ]);
    expect(read(features, 'lastProductId', 'lastCategory', 'lastSeenAt')).toEqual(['new', 'hats', T + 1000]);
  });

  it('takes a cart for left behind a day later, until the purchase arrives, however late', () => {
    const left = applyEvent(emptyFeatures(), aProfileEvent({ type: 'ADD_TO_CART', occurredAt: T - 25 * 3_600_000 }));
    expect(read(left, 'cartAbandonment')).toEqual([1]);
    expect(readFeatures(left, T - 3_600_000 * 20, ['cartAbandonment']).get('cartAbandonment')).toBeNull();
    const bought = applyEvent(left, aProfileEvent({ type: 'PURCHASE', occurredAt: T - 2 * 3_600_000 }));
    expect(read(bought, 'cartAbandonment')).toEqual([0]);
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
      aProfileEvent({ type: 'PRODUCT_VIEW', category: `cat-${i}`, occurredAt: T + i, valueMinor: i * 1_000 }),
      aProfileEvent({ type: 'IMPRESSION', campaignId: `camp-${i}`, bannerId: `b-${i}`, occurredAt: T + i }),
      aProfileEvent({ type: 'IMPRESSION', campaignId: 'often', occurredAt: T + i }),
      aProfileEvent({ type: 'ADD_TO_CART', occurredAt: T + i }),
    ]).flat();
    const features = applyEvents(emptyFeatures(), many);
    const { interest, exposure } = features;
    expect(interest.categories).toHaveLength(MAX_INTERESTS);
    expect(interest.categories.some(({ key }) => key === 'cat-499')).toBe(true);
    expect(exposure.campaigns).toHaveLength(MAX_EXPOSED_CAMPAIGNS);
    const often = exposure.campaigns.find(({ key }) => key === 'often');
    expect(often?.at).toHaveLength(MAX_EXPOSURES);
    expect(often?.at.at(-1)).toBe(T + 499);
    expect(JSON.stringify(features).length).toBeLessThan(20_000);
  });

  it('does not touch the features it was given', () => {
    const before = Object.freeze(emptyFeatures());
    applyEvent(before, aProfileEvent({ type: 'CLICK', category: 'hats', occurredAt: T }));
    expect(before).toEqual(emptyFeatures());
    expect(applyEvents(before, [])).toBe(before);
  });
});
