import fc from 'fast-check';
import { applyEvents, emptyFeatures } from './features/feature-catalogue';
import { aProfileEvent, profileEvents } from './profile-event.fixture';
import { encodeSegmentFeatures, SEGMENT_FEATURE_NAMES } from './segment-features';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 1, 1);
const at = (row: Float64Array, name: (typeof SEGMENT_FEATURE_NAMES)[number]): number | undefined =>
  row[SEGMENT_FEATURE_NAMES.indexOf(name)];

describe('segment features', () => {
  it('are finite and as many as named, whatever happened', () => {
    fc.assert(
      fc.property(profileEvents, (events) => {
        const row = encodeSegmentFeatures({ features: applyEvents(emptyFeatures(), events) }, NOW);
        expect(row).toHaveLength(SEGMENT_FEATURE_NAMES.length);
        expect(row.every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it('say recency, frequency and money on logarithmic scales', () => {
    const features = applyEvents(emptyFeatures(), [
      aProfileEvent({ type: 'PURCHASE', category: 'hats', occurredAt: NOW - 3 * DAY, valueMinor: 9_900 }),
      aProfileEvent({ type: 'PRODUCT_VIEW', category: 'shoes', occurredAt: NOW - DAY }),
    ]);
    const row = encodeSegmentFeatures({ features }, NOW);
    expect(at(row, 'logRecencyDays')).toBeCloseTo(Math.log(2), 12);
    expect(at(row, 'logPurchaseRecencyDays')).toBeCloseTo(Math.log(4), 12);
    expect(at(row, 'logFrequency')).toBeCloseTo(Math.log(2), 12);
    expect(at(row, 'logMonetary')).toBeCloseTo(Math.log(100), 12);
    expect(at(row, 'logInterests')).toBeCloseTo(Math.log(3), 12);
    const [hats, shoes] = [5 * 0.5 ** (3 / 14), 0.5 ** (1 / 14)];
    expect(at(row, 'topInterestShare')).toBeCloseTo(hats / (hats + shoes), 12);
  });

  it('treat a stranger as somebody last seen a year ago', () => {
    const row = encodeSegmentFeatures({ features: emptyFeatures() }, NOW);
    expect(at(row, 'logRecencyDays')).toBeCloseTo(Math.log(366), 12);
    expect(at(row, 'hourOfDaySin')).toBe(0);
  });

  it('put midnight beside eleven at night', () => {
    const hour = (h: number): Float64Array =>
      encodeSegmentFeatures({ features: applyEvents(emptyFeatures(), [aProfileEvent({ occurredAt: Date.UTC(2026, 0, 5, h) })]) }, NOW);
    const apart = (a: Float64Array, b: Float64Array): number =>
      Math.hypot((at(a, 'hourOfDaySin') ?? 0) - (at(b, 'hourOfDaySin') ?? 0), (at(a, 'hourOfDayCos') ?? 0) - (at(b, 'hourOfDayCos') ?? 0));
    expect(apart(hour(23), hour(0))).toBeLessThan(apart(hour(23), hour(12)));
  });
});
