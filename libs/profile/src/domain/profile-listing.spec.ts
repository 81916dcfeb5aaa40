import { applyEvents, emptyFeatures, FEATURE_CATALOGUE, readFeatures } from './features/feature-catalogue';
import { factsOf, INDEXED_FEATURES } from './features/facts';
import { PROFILE_EVENT_TYPES } from './profile-event';
import { aProfileEvent } from './profile-event.fixture';
import { planListing, type ProfileConditions } from './profile-listing';

const OPEN: ProfileConditions = { segmentId: null, seenFrom: null, seenBefore: null, consent: null, features: [] };
const range = (name: string, min: number | null = null, max: number | null = null) => ({ name, min, max });
const consent = { purpose: 'TRAINING', status: 'GRANTED' } as const;

describe('facts', () => {
  it('are numbers that time alone does not change', () => {
    const events = PROFILE_EVENT_TYPES.map((type) =>
      aProfileEvent({ type, valueMinor: 5, category: 'hats', campaignId: 'c', bannerId: 'b' }),
    );
    const features = applyEvents(emptyFeatures(), events);
    const facts = factsOf(features);
    expect(Object.keys(facts)).toEqual(INDEXED_FEATURES);
    for (const nowMs of [0, Date.UTC(2026, 0, 1), Date.UTC(2036, 0, 1)])
      expect(Object.fromEntries(readFeatures(features, nowMs, INDEXED_FEATURES))).toEqual(facts);
    for (const { type, halfLifeMs, indexed } of FEATURE_CATALOGUE)
      if (indexed === true) expect([['NUMBER', 'TIME'].includes(type), halfLifeMs]).toEqual([true, null]);
  });

  it('leave out what is not known', () => {
    expect(factsOf(emptyFeatures())).toEqual({ visits: 0, productViews: 0, purchases: 0, monetaryMinor: 0, cartAdditions: 0 });
  });
});

describe('the plan of a list', () => {
  it('orders by the feature, else by the last event', () => {
    expect(planListing({ ...OPEN, segmentId: 's', features: [range('purchases', 1, 3)] }, 'ASCENDING')).toEqual({
      group: { kind: 'segment', segmentId: 's' },
      orderedBy: 'purchases',
      direction: 'ASCENDING',
      range: { from: 1, to: 3, toIncluded: true },
    });
    expect(planListing({ ...OPEN, consent, seenBefore: 5 }, 'DESCENDING')).toEqual({
      group: { kind: 'consent', ...consent },
      orderedBy: 'seenAt',
      direction: 'DESCENDING',
      range: { from: null, to: 5, toIncluded: false },
    });
  });

  it.each<[string, Partial<ProfileConditions>, string, readonly string[]]>([
    ['an unknown feature', { features: [range('shoeSize')] }, 'UNKNOWN_FEATURE', ['filter.features.0']],
    ['a feature that fades', { features: [range('categoryInterest')] }, 'FILTER_NOT_INDEXED', ['filter.features.0']],
    ['a feature of the clock', { features: [range('cartAbandonment', 0.5)] }, 'FILTER_NOT_INDEXED', ['filter.features.0']],
    ['an unknown one behind a known one', { features: [range('visits'), range('toString')] }, 'UNKNOWN_FEATURE', ['filter.features.1']],
    ['two features', { features: [range('visits'), range('purchases')] }, 'FILTER_NOT_INDEXED', ['filter.features.0', 'filter.features.1']],
    ['an empty range', { features: [range('visits', 3, 2)] }, 'BAD_USER_INPUT', ['filter.features.0']],
    ['segment and consent', { segmentId: 's', consent }, 'FILTER_NOT_INDEXED', ['filter.segmentId', 'filter.consent']],
    ['a feature and consent', { features: [range('visits')], consent }, 'FILTER_NOT_INDEXED', ['filter.features.0', 'filter.consent']],
    [
      'a feature and last seen',
      { features: [range('visits')], seenFrom: 1, seenBefore: 2 },
      'FILTER_NOT_INDEXED',
      ['filter.features.0', 'filter.seenFrom', 'filter.seenBefore'],
    ],
  ])('refuses %s and names the place', (_, conditions, code, fields) => {
    expect(() => planListing({ ...OPEN, ...conditions }, 'DESCENDING')).toThrow(
      expect.objectContaining({ code, details: expect.objectContaining({ fields }) }),
    );
  });
});
