import { DomainError, mulberry32, shuffledOrder } from '@vitrine/kernel';

export const SITUATION_FIELDS = ['destination', 'passanger', 'weather', 'temperature', 'time'] as const;
/** All situation fields taken together, under one name: what an audience rule asks for, and a feature of its own. */
export const SITUATION = 'situation';
export const TRAIT_FIELDS = [
  'gender',
  'age',
  'maritalStatus',
  'has_children',
  'education',
  'occupation',
  'income',
  'Bar',
  'CoffeeHouse',
  'CarryAway',
  'RestaurantLessThan20',
  'Restaurant20To50',
] as const;
/** `car` tells people apart although it is nearly empty and so no feature. */
const PERSON_FIELDS = [...TRAIT_FIELDS, 'car'] as const;
/** A coupon counts as offered in a situation when it was shown there at least this often. */
export const MIN_OFFERS = 20;

/** One real answer: this coupon was shown to this person in this situation, and accepted or not. */
export interface CouponRow {
  readonly index: number;
  /** 0-based run of consecutive rows with equal traits. */
  readonly person: number;
  readonly situation: string;
  readonly coupon: string;
  readonly accepted: boolean;
  /** Situation fields, each and together. */
  readonly context: Readonly<Record<string, string>>;
  readonly traits: Readonly<Record<string, string>>;
  /** Coupons offered in the situation, in alphabetical order. */
  readonly offered: readonly string[];
  /** Share of the coupon among all rows of the situation: the logging propensity. */
  readonly propensity: number;
  /** At least two coupons offered, and this row's own is one of them. */
  readonly supported: boolean;
}

export interface CouponData {
  readonly rows: readonly CouponRow[];
  readonly people: number;
  readonly coupons: readonly string[];
  /** Situations in which each coupon was offered. */
  readonly offers: ReadonlyMap<string, readonly string[]>;
  /** Every value of each context and trait field, sorted: the vocabulary of the features. */
  readonly vocabulary: ReadonlyMap<string, readonly string[]>;
}

type Raw = Readonly<Record<string, string>>;

const field = (row: Raw, name: string): string => {
  const value = row[name];
  if (value === undefined)
    throw new DomainError('IMPORT_MALFORMED_LINE', `the coupon data has no column ${name}`, { details: { column: name } });
  return value;
};
const pick = (row: Raw, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, field(row, name)]));
const situationOf = (row: Raw): string => SITUATION_FIELDS.map((name) => field(row, name)).join(' | ');

/** The rows with everything that a fair reading needs (see docs/guides/coupons.md). */
export function readCoupons(raw: readonly Raw[]): CouponData {
  const counts = countOffers(raw);
  let person = -1;
  let previous = '';
  const rows = raw.map((row, index): CouponRow => {
    const self = JSON.stringify(pick(row, PERSON_FIELDS));
    if (self !== previous) person += 1;
    previous = self;
    const situation = situationOf(row);
    const inSituation = counts.get(situation) ?? new Map<string, number>();
    const offered = offeredIn(inSituation);
    const coupon = field(row, 'coupon');
    const total = [...inSituation.values()].reduce((sum, count) => sum + count, 0);
    return {
      index,
      person,
      situation,
      coupon,
      accepted: field(row, 'Y') === '1',
      context: { ...pick(row, SITUATION_FIELDS), [SITUATION]: situation },
      traits: pick(row, TRAIT_FIELDS),
      offered,
      propensity: (inSituation.get(coupon) ?? 0) / total,
      supported: offered.length >= 2 && offered.includes(coupon),
    };
  });
  return {
    rows,
    people: person + 1,
    coupons: distinct(rows.map((row) => row.coupon)),
    offers: offersByCoupon(counts),
    vocabulary: vocabularyOf(rows),
  };
}

function countOffers(raw: readonly Raw[]): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const row of raw) {
    const situation = situationOf(row);
    const inSituation = counts.get(situation) ?? new Map<string, number>();
    counts.set(situation, inSituation);
    const coupon = field(row, 'coupon');
    inSituation.set(coupon, (inSituation.get(coupon) ?? 0) + 1);
  }
  return counts;
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)].toSorted();
const offeredIn = (counts: ReadonlyMap<string, number>): readonly string[] =>
  [...counts]
    .filter(([, count]) => count >= MIN_OFFERS)
    .map(([coupon]) => coupon)
    .toSorted();

function offersByCoupon(counts: ReadonlyMap<string, ReadonlyMap<string, number>>): Map<string, readonly string[]> {
  const offers = new Map<string, string[]>();
  for (const situation of [...counts.keys()].toSorted()) {
    for (const coupon of offeredIn(counts.get(situation) ?? new Map<string, number>())) {
      offers.set(coupon, [...(offers.get(coupon) ?? []), situation]);
    }
  }
  return offers;
}

function vocabularyOf(rows: readonly CouponRow[]): Map<string, readonly string[]> {
  const names: readonly string[] = [...SITUATION_FIELDS, SITUATION, ...TRAIT_FIELDS];
  return new Map(
    names.map((name) => [name, distinct(rows.map((row) => row.context[name] ?? row.traits[name] ?? '').filter((value) => value !== ''))]),
  );
}

/** The declared order of a seed: a Fisher-Yates shuffle of all rows by mulberry32(seed). */
export function couponOrder(data: CouponData, seed: number): readonly CouponRow[] {
  return Array.from(shuffledOrder(data.rows.length, mulberry32(seed)), (index) => {
    const row = data.rows[index];
    if (row === undefined) throw new DomainError('INTERNAL', 'the order names a row that does not exist');
    return row;
  });
}
