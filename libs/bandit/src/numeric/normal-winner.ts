import { invariant } from '@vitrine/kernel';
import { NORMAL_CELLS_PER_SD, NORMAL_REACH, STANDARD_NORMAL } from './standard-normal';
import { WinnerIntegral } from './winner-integral';

/** A deviation that vanishes beside the largest one is raised to this share of it. */
const LEAST_DEVIATION = 1e-9;
/** The same beside the largest mean, where doubles lie too far apart to tell such scores from each other. */
const LEAST_RELATIVE_DEVIATION = 1e-12;

/** P(variate i is the largest) for independent normals, with the error that `WinnerIntegral` states. Holds scratch: one call at a time. */
export class NormalWinner {
  private readonly integral = new WinnerIntegral();

  /**
   * @param means shape [>= n]
   * @param deviations >= 0, shape [>= n]; where all are 0, the largest means share
   * @param out shape [n], n >= 1
   */
  solve(means: Float64Array, deviations: Float64Array, out: Float64Array): void {
    const n = out.length;
    invariant(n > 0, 'somebody can win');
    const widest = largestMagnitude(deviations, n);
    if (widest === 0) return shareOfLargest(means, out);
    const least = Math.max(LEAST_DEVIATION * widest, LEAST_RELATIVE_DEVIATION * largestMagnitude(means, n));
    this.integral.reserve(n);
    for (let i = 0; i < n; i++) {
      const scale = Math.max(deviations[i] ?? 0, least);
      const start = (means[i] ?? 0) - NORMAL_REACH * scale;
      this.integral.set(i, { table: STANDARD_NORMAL, start, width: scale / NORMAL_CELLS_PER_SD, scale });
    }
    this.integral.solve(out);
  }
}

function largestMagnitude(values: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0));
  return largest;
}

function shareOfLargest(means: Float64Array, out: Float64Array): void {
  let best = -Infinity;
  let count = 0;
  for (let i = 0; i < out.length; i++) {
    const mean = means[i] ?? 0;
    if (mean > best) [best, count] = [mean, 1];
    else if (mean === best) count++;
  }
  for (let i = 0; i < out.length; i++) out[i] = means[i] === best ? 1 / count : 0;
}
