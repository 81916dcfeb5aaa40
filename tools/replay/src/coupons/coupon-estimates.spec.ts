import { join } from 'node:path';
import { readCsv } from '../csv';
import { readCoupons, type CouponData } from './coupon-data';
import { evaluateCoupons, orderByAcceptance } from './coupon-estimates';

const FILE = join(__dirname, '../../../../data/coupons/in-vehicle-coupons.csv.gz');

describe('reading the played coupon log', () => {
  let data: CouponData;
  beforeAll(async () => {
    data = readCoupons(await readCsv(FILE));
  });

  it('gives the published values of the log, of uniform choice and of the best fixed order', () => {
    const { estimates, supported } = evaluateCoupons(data.rows.map((row) => ({ row, decided: row.coupon })));
    expect(supported).toBe(10_451);
    expect(estimates.log.value).toBeCloseTo(0.564, 3);
    expect(estimates.uniform.value).toBeCloseTo(0.5794, 3);
    expect(estimates.bestFixedOrder.value).toBeCloseTo(0.7324, 3);
  });

  it('estimates the best fixed order as a policy exactly as it estimates the order itself', () => {
    const order = orderByAcceptance(data.rows.filter((row) => row.supported));
    const played = data.rows.map((row) => ({ row, decided: order.find((coupon) => row.offered.includes(coupon)) ?? null }));
    const report = evaluateCoupons(played);
    expect(report.estimates.policy.value).toBeCloseTo(report.estimates.bestFixedOrder.value, 12);
    expect(report.policyMinusBestFixedOrder.value).toBeCloseTo(0, 12);
    expect(report.policyMinusUniform.lower).toBeGreaterThan(0.1);
  });

  it('splits the matches into two halves of equal size', () => {
    const played = data.rows.map((row) => ({ row, decided: row.coupon }));
    const report = evaluateCoupons(played);
    expect(report.matched).toBe(10_451);
    expect(report.rawAcceptance).toBeCloseTo(0.564, 3);
  });
});
