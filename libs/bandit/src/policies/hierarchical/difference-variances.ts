import { Scratch } from '../../numeric/scratch';

/** A normal belief whose uncertainty is partly its own, partly shared with others: covariance of two = dot product of their `shared`. */
export interface CorrelatedBelief {
  readonly mean: number;
  /** Variance that is nobody else's. */
  readonly own: number;
  /** Root of the shared part; one shape for all. */
  readonly shared: Float64Array;
}

/**
 * Deviations of independent normals whose differences vary like those of correlated ones. Who wins depends on differences only, so what all
 * share drops out; of the rest, D_a are the variances with the least squared error of D_a + D_b against var(theta_a - theta_b) over all pairs:
 *
 * D_a = own_a + (n c_a - sum_b c_b / (n - 1)) / (n - 2), c_a = |shared_a - mean shared|^2; for two banners own_a + 2 c_a.
 *
 * Exact for two banners and wherever all pairs covary equally; never below `own_a`. Holds scratch: one call at a time.
 */
export class DifferenceVariances {
  private readonly centre = new Scratch();
  private readonly distances = new Scratch();

  /** @param out receives deviations, shape [>= beliefs.length] */
  write(beliefs: readonly CorrelatedBelief[], out: Float64Array): void {
    const n = beliefs.length;
    const total = this.measure(beliefs);
    for (let a = 0; a < n; a++) {
      const own = beliefs[a]?.own ?? 0;
      const c = this.distances.take(n)[a] ?? 0;
      const share = n > 2 ? (n * c - total / (n - 1)) / (n - 2) : 2 * c;
      out[a] = Math.sqrt(own + Math.max(share, 0));
    }
  }

  /** Squared distances of the shared roots from their mean; returns their sum. */
  private measure(beliefs: readonly CorrelatedBelief[]): number {
    const n = beliefs.length;
    const width = beliefs[0]?.shared.length ?? 0;
    const centre = this.centre.take(width);
    const distances = this.distances.take(n);
    centre.fill(0, 0, width);
    for (const { shared } of beliefs) {
      for (let i = 0; i < width; i++) centre[i] = (centre[i] ?? 0) + (shared[i] ?? 0) / n;
    }
    let total = 0;
    let a = 0;
    for (const { shared } of beliefs) {
      const distance = squaredDistance(shared, centre);
      distances[a++] = distance;
      total += distance;
    }
    return total;
  }
}

/** Over the length of the first. */
function squaredDistance(vector: Float64Array, centre: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += ((vector[i] ?? 0) - (centre[i] ?? 0)) ** 2;
  return sum;
}
