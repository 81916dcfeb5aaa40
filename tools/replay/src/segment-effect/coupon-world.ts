import { bannerId } from '@vitrine/kernel';
import { couponBannerId } from '../coupons/coupon-catalog';
import { SITUATION, SITUATION_FIELDS, TRAIT_FIELDS, type CouponData, type CouponRow } from '../coupons/coupon-data';
import type { Visit, Visitor, VisitorWorld } from './visitor-world';

const TIMES_A_MONTH = ['never', 'less1', '1~3', '4~8', 'gt8'] as const;

/** What the answers to the questionnaire mean, not what they earned. */
const COUPON_TRAIT_SCALES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['age', ['below21', '21', '26', '31', '36', '41', '46', '50plus']],
  ['has_children', ['0', '1']],
  [
    'education',
    [
      'Some High School',
      'High School Graduate',
      'Some college - no degree',
      'Associates degree',
      'Bachelors degree',
      'Graduate degree (Masters or Doctorate)',
    ],
  ],
  [
    'income',
    [
      'Less than $12500',
      '$12500 - $24999',
      '$25000 - $37499',
      '$37500 - $49999',
      '$50000 - $62499',
      '$62500 - $74999',
      '$75000 - $87499',
      '$87500 - $99999',
      '$100000 or More',
    ],
  ],
  ['Bar', TIMES_A_MONTH],
  ['CoffeeHouse', TIMES_A_MONTH],
  ['CarryAway', TIMES_A_MONTH],
  ['RestaurantLessThan20', TIMES_A_MONTH],
  ['Restaurant20To50', TIMES_A_MONTH],
]);

/** The people of the coupon data with the rows that can be judged (docs/guides/coupons.md); who has none is left out. */
export function couponWorld(data: CouponData): VisitorWorld {
  const people = new Map<number, { readonly traits: Visitor['traits']; readonly visits: Visit[] }>();
  for (const row of data.rows) {
    if (!row.supported) continue;
    const person = people.get(row.person) ?? { traits: row.traits, visits: [] };
    people.set(row.person, person);
    person.visits.push(visitOf(row));
  }
  const values = (fields: readonly string[]) => new Map(fields.map((field) => [field, data.vocabulary.get(field) ?? []]));
  return {
    visitors: [...people.values()],
    situationValues: values([...SITUATION_FIELDS, SITUATION]),
    traitValues: values(TRAIT_FIELDS),
    traitScales: COUPON_TRAIT_SCALES,
  };
}

function visitOf({ offered, coupon, accepted, propensity, context }: CouponRow): Visit {
  return {
    eligible: offered.map((kind) => bannerId(couponBannerId(kind))),
    shown: offered.indexOf(coupon),
    reward: accepted ? 1 : 0,
    propensity,
    situation: context,
  };
}
