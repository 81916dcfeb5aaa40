import { tunable } from './estimator';

/** min(w, t): no round counts for more than `threshold` of its kind. */
export function clip(weight: number, threshold: number): number {
  return Math.min(weight, threshold);
}

/**
 * Clipped IPS: mean(min(w, t) r). Bounded weights against a bias towards 0 for non-negative rewards.
 *
 * @see Ionides, Truncated Importance Sampling, J. Comp. Graph. Stat. 17 (2008); Strehl, Langford, Li & Kakade, NeurIPS 2010
 */
export const clippedIps = tunable({ name: 'ips_clip', usesModel: false, range: { min: 0, max: Infinity }, changedWeight: clip });
