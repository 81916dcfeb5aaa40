import { join } from 'node:path';
import { readCoupons } from '../coupons/coupon-data';
import { readCsv } from '../csv';
import { couponWorld } from './coupon-world';
import type { VisitorWorld } from './visitor-world';

const FILE = join(__dirname, '../../../../data/coupons/in-vehicle-coupons.csv.gz');

describe('the people of the coupon data', () => {
  let world: VisitorWorld;
  beforeAll(async () => {
    world = couponWorld(readCoupons(await readCsv(FILE)));
  });

  it('are 587 with the 10,451 rows that can be judged', () => {
    const visits = world.visitors.flatMap((visitor) => visitor.visits);
    expect([world.visitors.length, visits.length]).toEqual([587, 10_451]);
    for (const { eligible, shown, propensity } of visits) {
      expect([eligible.length >= 2, shown >= 0, propensity > 0 && propensity < 1]).toEqual([true, true, true]);
    }
  });

  it('give the published values of uniform choice and of the log', () => {
    const visits = world.visitors.flatMap((visitor) => visitor.visits);
    const value = (weight: (visit: (typeof visits)[number]) => number): number => {
      const total = visits.reduce((sum, visit) => sum + weight(visit), 0);
      return visits.reduce((sum, visit) => sum + weight(visit) * visit.reward, 0) / total;
    };
    expect(value(({ eligible, propensity }) => 1 / eligible.length / propensity)).toBeCloseTo(0.579, 3);
    expect(value(() => 1)).toBeCloseTo(0.564, 3);
  });

  it('have scales that hold exactly the values that occur', () => {
    for (const [trait, scale] of world.traitScales) {
      expect([trait, ...scale.toSorted()]).toEqual([trait, ...(world.traitValues.get(trait) ?? [])]);
    }
    expect([...world.traitValues.keys()].filter((trait) => !world.traitScales.has(trait))).toEqual([
      'gender',
      'maritalStatus',
      'occupation',
    ]);
  });
});
