import { join } from 'node:path';
import { readCsv } from '../csv';
import { couponAudience, couponBannerId, couponFeatures } from './coupon-catalog';
import { couponOrder, readCoupons, type CouponData } from './coupon-data';

const FILE = join(__dirname, '../../../../data/coupons/in-vehicle-coupons.csv.gz');

describe('the coupon interactions', () => {
  let data: CouponData;
  beforeAll(async () => {
    data = readCoupons(await readCsv(FILE));
  });

  it('have the published numbers of rows, supported rows, people, situations and coupons', () => {
    expect(data.rows).toHaveLength(12_684);
    expect(data.rows.filter((row) => row.supported)).toHaveLength(10_451);
    expect(data.people).toBe(587);
    expect(new Set(data.rows.map((row) => row.situation)).size).toBe(76);
    expect(data.coupons).toHaveLength(5);
  });

  it('have propensities that sum to one over the coupons seen in a situation', () => {
    const bySituation = new Map<string, Map<string, number>>();
    for (const row of data.rows) {
      const seen = bySituation.get(row.situation) ?? new Map<string, number>();
      bySituation.set(row.situation, seen.set(row.coupon, row.propensity));
    }
    for (const seen of bySituation.values()) expect([...seen.values()].reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  });

  it('come in the same order for the same seed and in another for another', () => {
    const first = couponOrder(data, 1).map((row) => row.index);
    expect(couponOrder(data, 1).map((row) => row.index)).toEqual(first);
    expect(couponOrder(data, 2).map((row) => row.index)).not.toEqual(first);
    expect(new Set(first).size).toBe(12_684);
  });

  it('fit the limits of ids, audience rules and context dimensions', () => {
    expect(data.coupons.map(couponBannerId)).toEqual([
      'coupon-bar',
      'coupon-carry-out-take-away',
      'coupon-coffee-house',
      'coupon-restaurant-20-50',
      'coupon-restaurant-20',
    ]);
    expect(couponAudience(['a', 'b'])).toBe('features.situation in ["a","b"]');
    const dimension = 1 + couponFeatures(data).reduce((sum, feature) => sum + feature.encoding.values.length, 0);
    expect(dimension).toBeLessThanOrEqual(190);
  });
});

describe('reading a CSV file', () => {
  it('names a file that is not there', async () => {
    await expect(readCsv('no-such-file.csv')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
