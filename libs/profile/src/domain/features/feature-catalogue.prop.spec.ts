import fc from 'fast-check';
import { interestOf, type ProfileEvent } from '../profile-event';
import { profileEvents } from '../profile-event.fixture';
import { VISIT_GAP_MS } from '../visits';
import { applyEvent, applyEvents, emptyFeatures, mergeFeatures, readFeatures, type BehaviouralFeatures } from './feature-catalogue';
import type { FeatureValue, KeyedValue } from './feature-family';

const NOW = Date.UTC(2026, 1, 1);
const DAY = 86_400_000;

const max = (list: readonly number[]): number | null => (list.length === 0 ? null : Math.max(...list));
const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const share = (part: number, of: number): number | null => (of === 0 ? null : part / of);

type Weighed = readonly { readonly key: string | null; readonly weight: number }[];

/** Sums by key, largest first. */
function table(rows: Weighed): readonly KeyedValue[] {
  const keys = [...new Set(rows.flatMap(({ key }) => (key === null ? [] : [key])))];
  return keys
    .map((key) => ({ key, value: sum(rows.filter((row) => row.key === key).map(({ weight }) => weight)) }))
    .sort((a, b) => b.value - a.value || (a.key < b.key ? -1 : 1));
}

const shares = (rows: Weighed): readonly KeyedValue[] => table(rows.map(({ key }) => ({ key, weight: 1 / rows.length })));
const faded = (at: number, days: number): number => 0.5 ** ((NOW - at) / (days * DAY));

function visitsOf(times: readonly number[]) {
  const starts = times.filter((at, i) => i === 0 || at - (times[i - 1] ?? 0) > VISIT_GAP_MS);
  return starts.map((from, i) => times.filter((at) => at >= from && at < (starts[i + 1] ?? Infinity)));
}

/** Last by time, then by text. */
function last(rows: readonly { readonly value: string | null; readonly at: number }[]) {
  const known = rows.filter(({ value }) => value !== null);
  return known.toSorted((a, b) => a.at - b.at || ((a.value ?? '') < (b.value ?? '') ? -1 : 1)).at(-1) ?? { value: null, at: null };
}

const BANDS = [0, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
function bandOf(minor: number): string {
  const low = Math.max(...BANDS.filter((edge) => edge * 100 <= minor));
  const high = BANDS[BANDS.indexOf(low) + 1];
  return high === undefined ? `${low}+` : `${low}-${high}`;
}

/** Every feature the slow way: from all events at once. */
function naive(events: readonly ProfileEvent[]): Readonly<Record<string, FeatureValue>> {
  const of = (...types: readonly string[]) => events.filter(({ type }) => types.includes(type));
  const at = (list: readonly ProfileEvent[]) => list.map(({ occurredAt }) => occurredAt).sort((a, b) => a - b);
  const present = events.filter(({ type }) => type !== 'REFUND');
  const visits = visitsOf(at(present));
  const caring = events.filter(({ type }) => interestOf(type) > 0);
  const left = of('DWELL', 'PAGE_LEAVE');
  const scrolled = left.flatMap(({ scrollDepth }) => (scrollDepth === null ? [] : [scrollDepth]));
  const shows = of('ACTIVATION', 'IMPRESSION', 'VIEWABLE_IMPRESSION');
  const bought = at(of('PURCHASE')).slice(-20);
  const carts = at(of('ADD_TO_CART')).slice(-20);
  const abandoned = carts.filter((then) => !bought.some((when) => when >= then && when <= then + DAY));
  const active = of('PAGE_VIEW', 'PRODUCT_VIEW', 'SEARCH', 'CLICK', 'ADD_TO_CART', 'PURCHASE');
  const days = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];
  const category = last(caring.map((e) => ({ value: e.category, at: e.occurredAt })));
  const product = last(caring.map((e) => ({ value: e.productId, at: e.occurredAt })));
  return {
    visits: visits.length,
    visitSeconds: share(sum(visits.map((v) => (max(v) ?? 0) - (v[0] ?? 0))) / 1_000, visits.length),
    bounceShare: share(visits.filter((v) => v.length === 1).length, visits.length),
    lastSeenAt: max(at(present)),
    categoryInterest: table(caring.map((e) => ({ key: e.category, weight: interestOf(e.type) * faded(e.occurredAt, 14) }))),
    priceBandInterest: table(
      of('PRODUCT_VIEW', 'ADD_TO_CART', 'PURCHASE').flatMap((e) =>
        e.valueMinor === null ? [] : [{ key: bandOf(e.valueMinor), weight: interestOf(e.type) * faded(e.occurredAt, 14) }],
      ),
    ),
    lastCategory: category.value,
    lastCategoryAt: category.at,
    lastProductId: product.value,
    lastProductAt: product.at,
    dwellSeconds: sum(left.map((e) => e.dwellMs ?? 0)) / 1_000,
    scrollDepth: share(sum(scrolled), scrolled.length),
    productViews: of('PRODUCT_VIEW').length,
    searches: of('SEARCH').length,
    clicks: of('CLICK').length,
    purchases: of('PURCHASE').length,
    monetaryMinor: sum(of('PURCHASE').map((e) => e.valueMinor ?? 0)) - sum(of('REFUND').map((e) => e.valueMinor ?? 0)),
    lastPurchaseAt: max(at(of('PURCHASE'))),
    cartAdditions: carts.length,
    cartAbandonment: share(abandoned.length, carts.length),
    hourOfDay: shares(active.map((e) => ({ key: new Date(e.occurredAt).toISOString().slice(11, 13), weight: 1 }))),
    weekday: shares(active.map((e) => ({ key: days[new Date(e.occurredAt).getUTCDay()] ?? '', weight: 1 }))),
    deviceShare: shares(present.filter((e) => e.device !== null).map((e) => ({ key: e.device, weight: 1 }))),
    bannerClickRate: share(of('CLICK').filter((e) => e.throughBanner).length, shows.filter((e) => e.campaignId !== null).length),
    promotionSensitivity: share(of('PURCHASE').filter((e) => e.throughBanner).length, of('PURCHASE').length),
    campaignExposure: table(shows.map((e) => ({ key: e.campaignId, weight: 1 })))
      .map(({ key, value }) => ({ key, value: Math.min(value, 20) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
    bannerFatigue: table(shows.map((e) => ({ key: e.bannerId, weight: faded(e.occurredAt, 3) }))),
  };
}

/** Texts, keys and null exactly, numbers to nine digits; tables whatever the order of nearly equal entries. */
function expectSame(found: FeatureValue | undefined, expected: FeatureValue | undefined, name: string): void {
  if (typeof expected === 'number') return expect([name, Number(found)]).toEqual([name, expect.closeTo(expected, 9)]);
  if (!Array.isArray(expected)) return expect([name, found]).toEqual([name, expected]);
  const sorted = (value: unknown): readonly KeyedValue[] =>
    Array.isArray(value) ? value.toSorted((a: KeyedValue, b: KeyedValue) => (a.key < b.key ? -1 : 1)) : [];
  expect([name, sorted(found)]).toEqual([name, sorted(expected).map(({ key, value }) => ({ key, value: expect.closeTo(value, 9) }))]);
}

function expectAlike(a: BehaviouralFeatures, b: BehaviouralFeatures): void {
  const other = readFeatures(b, NOW);
  for (const [name, value] of readFeatures(a, NOW)) expectSame(other.get(name), value, name);
}

const learned = (events: readonly ProfileEvent[]): BehaviouralFeatures => applyEvents(emptyFeatures(), events);

describe('features', () => {
  it('equal a recomputation from all events, every one of them', () => {
    fc.assert(
      fc.property(profileEvents, (events) => {
        const read = readFeatures(events.reduce(applyEvent, emptyFeatures()), NOW);
        const expected = naive(events);
        expect([...read.keys()].sort()).toEqual(Object.keys(expected).sort());
        for (const [name, value] of read) expectSame(value, expected[name], name);
      }),
    );
  });

  it('do not depend on the order of arrival, nor on how events are batched', () => {
    fc.assert(
      fc.property(
        profileEvents.chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }))),
        ([events, shuffled]) => {
          expectAlike(shuffled.reduce(applyEvent, emptyFeatures()), learned(events));
        },
      ),
    );
  });

  it('merge as if one person had done everything, in any order and grouping', () => {
    fc.assert(
      fc.property(profileEvents, profileEvents, profileEvents, (x, y, z) => {
        const [a, b, c] = [learned(x), learned(y), learned(z)];
        expectAlike(mergeFeatures(a, b), mergeFeatures(b, a));
        expectAlike(mergeFeatures(mergeFeatures(a, b), c), mergeFeatures(a, mergeFeatures(b, c)));
        expectAlike(mergeFeatures(a, b), learned([...x, ...y]));
        expectAlike(mergeFeatures(a, emptyFeatures()), a);
      }),
    );
  });

  it('hold nothing that a document could not', () => {
    fc.assert(
      fc.property(profileEvents, (events) => {
        const features = learned(events);
        expect(JSON.parse(JSON.stringify(features))).toEqual(features);
      }),
    );
  });
});
