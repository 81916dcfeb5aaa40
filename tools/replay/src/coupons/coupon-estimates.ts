import { pairedDifference, snips, type Estimate, type LoggedRow } from '@vitrine/insight';
import { DomainError } from '@vitrine/kernel';
import type { CouponRow } from './coupon-data';

/** One row of the log and what the policy would have shown in its place. */
export interface DecidedRow {
  readonly row: CouponRow;
  /** Coupon kind that was decided, or null when nothing was. */
  readonly decided: string | null;
}

export interface CouponReport {
  readonly interactions: number;
  readonly supported: number;
  /** Supported rows on which the decision equals the log. */
  readonly matched: number;
  readonly estimates: {
    readonly policy: Estimate;
    readonly policySecondHalf: Estimate;
    readonly uniform: Estimate;
    readonly bestFixedOrder: Estimate;
    readonly log: Estimate;
  };
  readonly policyMinusUniform: Estimate;
  readonly policyMinusBestFixedOrder: Estimate;
  readonly secondHalfMinusBestFixedOrder: Estimate;
  readonly bestOrder: readonly string[];
  /** Share of accepted coupons among matches: description only, it can be raised by asking in easy situations. */
  readonly rawAcceptance: number;
}

/**
 * Reads a played log: every estimate is a ratio sum(w m y) / sum(w m) over the same supported rows, w = 1 / logging propensity, m the
 * probability that the choice in question shows the row's coupon; intervals cluster by person.
 *
 * @param decided all rows in the order in which they were played
 * @throws DomainError TOO_FEW_ROWS when a choice never met the log, so that nothing can be said of it
 */
export function evaluateCoupons(decided: readonly DecidedRow[]): CouponReport {
  const supported = decided.filter(({ row }) => row.supported);
  const matches = supported.map(({ row, decided: coupon }) => (coupon === row.coupon ? 1 : 0));
  const matched = matches.reduce<number>((sum, match) => sum + match, 0);
  const rows = (match: (row: CouponRow, index: number) => number): readonly LoggedRow[] =>
    supported.map(({ row }, index) => ({
      weight: 1 / row.propensity,
      reward: row.accepted ? 1 : 0,
      match: match(row, index),
      cluster: String(row.person),
    }));

  const policy = rows((_row, index) => matches[index] ?? 0);
  const late = secondHalf(matches, matched);
  const secondHalfRows = rows((_row, index) => late[index] ?? 0);
  const bestOrder = orderByAcceptance(supported.map(({ row }) => row));
  const fixed = rows((row) => (bestOrder.find((coupon) => row.offered.includes(coupon)) === row.coupon ? 1 : 0));
  const uniform = rows((row) => 1 / row.offered.length);
  const log = rows(() => 1).map((row) => ({ ...row, weight: 1 }));
  const accepted = supported.filter(({ row }, index) => matches[index] === 1 && row.accepted).length;
  return {
    interactions: decided.length,
    supported: supported.length,
    matched,
    estimates: {
      policy: estimated(snips(policy)),
      policySecondHalf: estimated(snips(secondHalfRows)),
      uniform: estimated(snips(uniform)),
      bestFixedOrder: estimated(snips(fixed)),
      log: estimated(snips(log)),
    },
    policyMinusUniform: estimated(pairedDifference(policy, uniform)),
    policyMinusBestFixedOrder: estimated(pairedDifference(policy, fixed)),
    secondHalfMinusBestFixedOrder: estimated(pairedDifference(secondHalfRows, fixed)),
    bestOrder,
    rawAcceptance: matched === 0 ? 0 : accepted / matched,
  };
}

function estimated(estimate: Estimate | null): Estimate {
  if (estimate === null) throw new DomainError('TOO_FEW_ROWS', 'a choice met the log too rarely to be estimated');
  return estimate;
}

/** Marks the later half of the matches. */
function secondHalf(matches: readonly number[], matched: number): readonly number[] {
  let seen = 0;
  return matches.map((match) => {
    seen += match;
    return match === 1 && seen > matched / 2 ? 1 : 0;
  });
}

/** Coupons by their propensity-weighted acceptance, best first: the best fixed order that one table of the log suggests. */
export function orderByAcceptance(rows: readonly CouponRow[]): readonly string[] {
  const sums = new Map<string, { accepted: number; weight: number }>();
  for (const row of rows) {
    const sum = sums.get(row.coupon) ?? { accepted: 0, weight: 0 };
    sums.set(row.coupon, { accepted: sum.accepted + (row.accepted ? 1 : 0) / row.propensity, weight: sum.weight + 1 / row.propensity });
  }
  return [...sums].toSorted(([, a], [, b]) => b.accepted / b.weight - a.accepted / a.weight).map(([coupon]) => coupon);
}
