import { join } from 'node:path';
import { withoutGroups } from '@vitrine/bandit';
import { bannerId, invariant, type BannerId } from '@vitrine/kernel';
import {
  couponBannerId,
  couponOrder,
  orderByAcceptance,
  readCoupons,
  readCsv,
  OneHotEncoder,
  type CouponData,
  type CouponRow,
} from '@vitrine/replay';
import type { LoggedSource, SourceDecision } from './logged-source';

const FILE = 'data/coupons/in-vehicle-coupons.csv.gz';
const MOST_PLACES = 256;
const MS_PER_ROW = 1_000;

/**
 * The coupon answers in the declared order of a seed. A situation is (destination, passanger, weather, temperature, time); eligible in it are the
 * coupons offered there at least 20 times, and the propensity of a coupon is its share in the situation. Rows with fewer than two eligible
 * coupons, or whose own is not one, are left out. Intervals cluster by person.
 */
export async function couponSource(root: string, seed: number): Promise<LoggedSource> {
  const data = readCoupons(await readCsv(join(root, FILE)));
  const rows = couponOrder(data, seed).filter((row) => row.supported);
  const encoder = new OneHotEncoder(data.vocabulary, MOST_PLACES);
  const order = orderByAcceptance(rows);
  const best = rows.map(({ offered, coupon }) => (order.find((candidate) => offered.includes(candidate)) === coupon ? 1 : 0));
  return {
    interactions: data.rows.length,
    decisions: decisionsOf(data, rows, encoder),
    dimension: encoder.dimension,
    identify: withoutGroups,
    rivals: [{ name: 'bestFixedOrder', match: (decision) => best[decision] ?? 0 }],
    clusteredBy: 'person',
    caveats: [
      'Answers to a described situation, not coupons that were redeemed; nothing is known of other coupons or people.',
      'bestFixedOrder was chosen with the whole log in hand; the policy starts knowing nothing, and its value includes the time it was learning.',
    ],
  };
}

function decisionsOf(data: CouponData, rows: readonly CouponRow[], encoder: OneHotEncoder): readonly SourceDecision[] {
  const ids = new Map<string, BannerId>(data.coupons.map((coupon) => [coupon, bannerId(couponBannerId(coupon))]));
  const idOf = (coupon: string): BannerId => {
    const id = ids.get(coupon);
    invariant(id !== undefined, 'an offered coupon is one of the data');
    return id;
  };
  return rows.map((row, round) => ({
    eligible: row.offered.map(idOf),
    shown: row.offered.indexOf(row.coupon),
    reward: row.accepted ? 1 : 0,
    context: encoder.encode({ ...row.context, ...row.traits }),
    at: round * MS_PER_ROW,
    propensity: row.propensity,
    cluster: String(row.person),
  }));
}
