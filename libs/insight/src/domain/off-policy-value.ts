import { invariant } from '@vitrine/kernel';
import { centralT } from './distributions';

/** One logged decision under a candidate policy. */
export interface LoggedRow {
  /** 1 / propensity of the logged banner: how many decisions this one stands for. > 0. */
  readonly weight: number;
  readonly reward: number;
  /** Probability that the candidate shows the logged banner, in [0, 1]; 1 or 0 for a deterministic candidate. */
  readonly match: number;
  /** The person: rows of one person are not independent. */
  readonly cluster: string;
}

export interface Estimate {
  readonly value: number;
  /** Cluster-robust standard error. */
  readonly se: number;
  /** 95 % interval. */
  readonly lower: number;
  readonly upper: number;
  readonly clusters: number;
}

const LEVEL = 0.95;

/**
 * Self-normalised inverse propensity score: sum(w m r) / sum(w m), reward per decision had the candidate decided.
 * The standard error linearises the ratio (influence w m (r - V) / sum(w m)) and sums it per cluster, times G / (G - 1); the interval is
 * Student's with G - 1 degrees of freedom.
 *
 * @returns null where it cannot be estimated: no row that the candidate could have produced, or fewer than two clusters
 * @see Swaminathan & Joachims, The Self-Normalized Estimator, NeurIPS 2015; Binder, Int. Stat. Review 51 (1983) for the variance
 */
export function snips(rows: readonly LoggedRow[]): Estimate | null {
  const ratio = ratioOf(rows);
  if (ratio === null) return null;
  return clusteredEstimate(ratio.value, sumPerCluster(rows, ratio.influence));
}

/**
 * Value of candidate `a` less that of candidate `b` on the same logged rows. Their influences are subtracted row by row before they are
 * summed per cluster, so that what both share cancels: far narrower than two separate intervals suggest.
 *
 * @param a row i of `a` and of `b` are the same decision: same weight, reward and cluster
 * @returns null where either side cannot be estimated, or with fewer than two clusters
 */
export function pairedDifference(a: readonly LoggedRow[], b: readonly LoggedRow[]): Estimate | null {
  invariant(
    a.length === b.length && a.every((row, i) => row.cluster === b[i]?.cluster && row.reward === b[i].reward && row.weight === b[i].weight),
    'both sides are the same logged decisions',
  );
  const ratioA = ratioOf(a);
  const ratioB = ratioOf(b);
  if (ratioA === null || ratioB === null) return null;
  const influence = ratioA.influence.map((value, i) => value - (ratioB.influence[i] ?? 0));
  return clusteredEstimate(ratioA.value - ratioB.value, sumPerCluster(a, influence));
}

/** The ratio and what each row adds to its deviation; influences sum to 0. */
function ratioOf(rows: readonly LoggedRow[]): { readonly value: number; readonly influence: Float64Array } | null {
  let numerator = 0;
  let denominator = 0;
  for (const { weight, reward, match } of rows) {
    invariant(weight > 0 && match >= 0 && match <= 1, 'positive weights and match probabilities in [0, 1]');
    numerator += weight * match * reward;
    denominator += weight * match;
  }
  if (denominator === 0) return null;
  const value = numerator / denominator;
  return { value, influence: Float64Array.from(rows, ({ weight, reward, match }) => (weight * match * (reward - value)) / denominator) };
}

function sumPerCluster(rows: readonly LoggedRow[], influence: Float64Array): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  rows.forEach(({ cluster }, i) => sums.set(cluster, (sums.get(cluster) ?? 0) + (influence[i] ?? 0)));
  return sums;
}

function clusteredEstimate(value: number, sums: ReadonlyMap<string, number>): Estimate | null {
  const clusters = sums.size;
  if (clusters < 2) return null;
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  const se = Math.sqrt((squares * clusters) / (clusters - 1));
  const reach = se * centralT(LEVEL, clusters - 1);
  return { value, se, lower: value - reach, upper: value + reach, clusters };
}
