import { resolve, join } from 'node:path';
import { createPolicy, LoggedReplay } from '@vitrine/bandit';
import { invariant, rngFromNumber } from '@vitrine/kernel';
import { couponOrder, evaluateCoupons, readCoupons, readCsv } from '@vitrine/replay';
import { valueOf, differenceOf } from './cautious-interval';
import { couponSource } from './coupon.source';
import { reportOf } from './replay-report';

const ROOT = resolve(__dirname, '../../../..');

describe('the report of a replay', () => {
  it('reads the coupons as the main job does', async () => {
    const source = await couponSource(ROOT, 1);
    const policy = createPolicy({ name: 'beta-thompson', params: {} }, source.dimension);
    invariant(policy.ok, 'the policy builds');
    const replay = new LoggedReplay({ policy: policy.value, ...source, floor: 0.1, rng: rngFromNumber(4) });
    replay.advance(source.decisions.length);
    const report = reportOf(source, replay);

    const data = readCoupons(await readCsv(join(ROOT, 'data/coupons/in-vehicle-coupons.csv.gz')));
    const rows = couponOrder(data, 1).filter((row) => row.supported);
    const main = evaluateCoupons(rows.map((row, i) => ({ row, decided: replay.matched[i] === 1 ? row.coupon : null })));
    for (const name of ['policy', 'policySecondHalf', 'uniform', 'bestFixedOrder', 'log'] as const) {
      const { value, lower, upper } = main.estimates[name];
      expect([name, report.estimates[name]]).toEqual([name, { value, lower, upper, method: 'linearised' }]);
    }
    expect(report.policyMinusUniform.lower).toBe(main.policyMinusUniform.lower);
    expect(report.matched).toBe(main.matched);
  });
});

describe('a cautious interval', () => {
  const rowsOf = (rewards: readonly number[], match = (_i: number) => 1) =>
    rewards.map((reward, i) => ({ weight: 2, reward, match: match(i), cluster: String(i) }));
  const log = (ones: number, zeros: number): readonly number[] => [...Array<number>(ones).fill(1), ...Array<number>(zeros).fill(0)];

  it('is no point when nothing was earned: Hoeffding, from the rows that count', () => {
    const rows = rowsOf(log(10, 90), (i) => (i >= 50 ? 1 : 0)); // the fifty matches earned nothing
    const { value, lower, upper, method } = valueOf(rows);
    expect([value, lower, method]).toEqual([0, 0, 'hoeffding']);
    expect(upper).toBeCloseTo(Math.sqrt(Math.log(2 / 0.05) / (2 * 50)), 12);
  });

  it('is the linearised one from ten rewards and ten misses on', () => {
    expect(valueOf(rowsOf(log(10, 10))).method).toBe('linearised');
    expect(valueOf(rowsOf(log(9, 100))).method).toBe('hoeffding');
    expect(valueOf(rowsOf(log(100, 9))).method).toBe('hoeffding');
  });

  it('counts people, not their rows', () => {
    const ofOnePerson = rowsOf(log(50, 50)).map((row, i) => ({ ...row, cluster: i < 50 ? 'one' : String(i) }));
    expect(valueOf(ofOnePerson).method).toBe('hoeffding');
  });

  it('of a difference bounds both sides when one varies too little', () => {
    const [none, all] = [rowsOf(log(20, 80), (i) => (i >= 20 ? 1 : 0)), rowsOf(log(20, 80))];
    const { value, lower, upper, method } = differenceOf(none, all);
    const reach = Math.sqrt(Math.log(2 / 0.025) / 160) + Math.sqrt(Math.log(2 / 0.025) / 200);
    expect([value, method]).toEqual([-0.2, 'hoeffding']);
    expect([lower, upper]).toEqual([expect.closeTo(-0.2 - reach, 12), expect.closeTo(-0.2 + reach, 12)]);
    expect(differenceOf(all, all)).toEqual({ value: 0, lower: 0, upper: 0, method: 'linearised' });
  });
});
