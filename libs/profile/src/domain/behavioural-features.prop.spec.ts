import fc from 'fast-check';
import { applyEvent, applyEvents, emptyFeatures, interestsAt, MAX_EXPOSURES, mergeFeatures } from './behavioural-features';
import { INTEREST_DECAY } from './decayed-counter';
import { interestOf, type ProfileEvent } from './profile-event';
import { profileEvents } from './profile-event.fixture';
import type { BehaviouralFeatures } from './types';
import { VISIT_GAP_MS } from './visits';

const NOW = Date.UTC(2026, 1, 1);

/** Everything but the decayed numbers exactly, those to nine digits. */
function expectSame(a: BehaviouralFeatures, b: BehaviouralFeatures): void {
  const { interests: x, ...left } = a;
  const { interests: y, ...right } = b;
  expect(left).toEqual(right);
  expect(Object.keys(x)).toEqual(Object.keys(y));
  const weights = new Map(interestsAt(b, NOW).map(({ category, weight }) => [category, weight]));
  for (const { category, weight } of interestsAt(a, NOW)) expect(weight).toBeCloseTo(weights.get(category) ?? Number.NaN, 9);
}

const max = (list: readonly number[]): number | null => (list.length === 0 ? null : Math.max(...list));
const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

/** The same numbers the slow way: from all events at once. */
function naive(events: readonly ProfileEvent[]) {
  const of = (...types: readonly string[]) => events.filter(({ type }) => types.includes(type));
  const seen = events
    .filter(({ type }) => type !== 'REFUND')
    .map(({ occurredAt }) => occurredAt)
    .sort((a, b) => a - b);
  const interests = new Map<string, number>();
  for (const { type, category, occurredAt } of events) {
    const amount = interestOf(type) * 0.5 ** ((NOW - occurredAt) / INTEREST_DECAY.halfLifeMs);
    if (category !== null && amount > 0) interests.set(category, (interests.get(category) ?? 0) + amount);
  }
  return {
    visits: seen.filter((at, i) => i === 0 || at - (seen[i - 1] ?? 0) > VISIT_GAP_MS).length,
    lastSeenAt: max(seen),
    clicks: of('CLICK').length,
    productViews: of('PRODUCT_VIEW').length,
    purchases: of('PURCHASE').length,
    monetaryMinor: sum(of('PURCHASE').map((e) => e.valueMinor ?? 0)) - sum(of('REFUND').map((e) => e.valueMinor ?? 0)),
    dwellMs: sum(of('DWELL', 'PAGE_LEAVE').map((e) => e.dwellMs ?? 0)),
    lastPurchaseAt: max(of('PURCHASE').map((e) => e.occurredAt)),
    interests,
    exposures: (campaign: string) =>
      of('ACTIVATION', 'IMPRESSION', 'VIEWABLE_IMPRESSION')
        .filter((e) => e.campaignId === campaign)
        .map((e) => e.occurredAt)
        .sort((a, b) => a - b)
        .slice(-MAX_EXPOSURES),
  };
}

describe('behavioural features', () => {
  it('equal a recomputation from all events', () => {
    fc.assert(
      fc.property(profileEvents, (events) => {
        const features = events.reduce(applyEvent, emptyFeatures());
        const { interests, exposures, ...expected } = naive(events);
        expect(features).toMatchObject(expected);
        for (const { category, weight } of interestsAt(features, NOW)) expect(weight).toBeCloseTo(interests.get(category) ?? Number.NaN, 9);
        expect(Object.keys(features.interests).sort()).toEqual([...interests.keys()].sort());
        for (const [campaign, times] of Object.entries(features.exposures)) expect(times).toEqual(exposures(campaign));
      }),
    );
  });

  it('do not depend on the order of arrival, nor on how events are batched', () => {
    fc.assert(
      fc.property(
        profileEvents.chain((events) => fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }))),
        ([events, shuffled]) => {
          expectSame(shuffled.reduce(applyEvent, emptyFeatures()), applyEvents(emptyFeatures(), events));
        },
      ),
    );
  });

  it('merge as if one person had done everything, in any order and grouping', () => {
    fc.assert(
      fc.property(profileEvents, profileEvents, profileEvents, (x, y, z) => {
        const [a, b, c] = [applyEvents(emptyFeatures(), x), applyEvents(emptyFeatures(), y), applyEvents(emptyFeatures(), z)];
        expectSame(mergeFeatures(a, b), mergeFeatures(b, a));
        expectSame(mergeFeatures(mergeFeatures(a, b), c), mergeFeatures(a, mergeFeatures(b, c)));
        expectSame(mergeFeatures(a, b), applyEvents(emptyFeatures(), [...x, ...y]));
        expectSame(mergeFeatures(a, emptyFeatures()), a);
      }),
    );
  });
});
