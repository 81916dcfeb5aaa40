import { pairedDifference, snips, type Estimate, type LoggedRow } from '@vitrine/insight';
import { DomainError } from '@vitrine/kernel';

export interface Interval {
  readonly value: number;
  /** 95 % interval. */
  readonly lower: number;
  readonly upper: number;
  /** `linearised`: of the ratio, clustered. `hoeffding`: there were too few rewards (or too few misses) for that; wide, and safe. */
  readonly method: 'linearised' | 'hoeffding';
}

/** Fewer, and a normal interval says nothing: none at all would make it a point. */
const FEWEST = 10;
const ERROR = 0.05;

/**
 * Self-normalised value of a choice, with an interval that does not pretend: `snips` linearises, which needs rewards and misses to vary among
 * the rows that the choice could have produced. With fewer than ten of either (effective, by weight) Hoeffding's bound takes its place.
 *
 * @throws DomainError TOO_FEW_ROWS when the choice never met the log
 * @see Hoeffding, Probability Inequalities for Sums of Bounded Random Variables, JASA 58 (1963), Theorem 1; Kish, Survey Sampling (1965), for
 *   the effective number of rows
 */
export function valueOf(rows: readonly LoggedRow[]): Interval {
  const estimate = estimated(snips(rows));
  if (variesEnough(rows)) return linearised(estimate);
  const { lowest, highest } = rangeOf(rows);
  const reach = hoeffdingReach(rows, ERROR);
  const { value } = estimate;
  return { value, lower: Math.max(lowest, value - reach), upper: Math.min(highest, value + reach), method: 'hoeffding' };
}

/** Value of one choice less that of another on the same rows; where one of them varies too little, both are bounded at half the error. */
export function differenceOf(a: readonly LoggedRow[], b: readonly LoggedRow[]): Interval {
  const estimate = estimated(pairedDifference(a, b));
  if (variesEnough(a) && variesEnough(b)) return linearised(estimate);
  const { lowest, highest } = rangeOf(a);
  const reach = hoeffdingReach(a, ERROR / 2) + hoeffdingReach(b, ERROR / 2);
  const { value } = estimate;
  const widest = highest - lowest;
  return { value, lower: Math.max(-widest, value - reach), upper: Math.min(widest, value + reach), method: 'hoeffding' };
}

function estimated(estimate: Estimate | null): Estimate {
  if (estimate === null) throw new DomainError('TOO_FEW_ROWS', 'the policy met the log too rarely to be estimated');
  return estimate;
}

const linearised = ({ value, lower, upper }: Estimate): Interval => ({ value, lower, upper, method: 'linearised' });

function rangeOf(rows: readonly LoggedRow[]): { readonly lowest: number; readonly highest: number } {
  let [lowest, highest] = [Infinity, -Infinity];
  for (const { reward } of rows) {
    lowest = Math.min(lowest, reward);
    highest = Math.max(highest, reward);
  }
  return { lowest, highest };
}

function variesEnough(rows: readonly LoggedRow[]): boolean {
  const { lowest, highest } = rangeOf(rows);
  const above = effectiveCount(rows, ({ weight, match, reward }) => weight * match * (reward - lowest));
  const below = effectiveCount(rows, ({ weight, match, reward }) => weight * match * (highest - reward));
  return Math.min(above, below) >= FEWEST;
}

const hoeffdingReach = (rows: readonly LoggedRow[], error: number): number => {
  const { lowest, highest } = rangeOf(rows);
  const effective = effectiveCount(rows, ({ weight, match }) => weight * match);
  return (highest - lowest) * Math.sqrt(Math.log(2 / error) / (2 * effective));
};

/** How many clusters of equal mass say as much: (sum m)^2 / sum m^2 over the masses of clusters. */
function effectiveCount(rows: readonly LoggedRow[], massOf: (row: LoggedRow) => number): number {
  const masses = new Map<string, number>();
  for (const row of rows) masses.set(row.cluster, (masses.get(row.cluster) ?? 0) + massOf(row));
  let [sum, squares] = [0, 0];
  for (const mass of masses.values()) {
    sum += mass;
    squares += mass * mass;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}
