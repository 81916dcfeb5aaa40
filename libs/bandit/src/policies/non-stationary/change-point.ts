import { bernoulliGlr, glrThreshold } from '../../numeric/bernoulli-glr';
import type { WindowedSums } from '../../statistics/windowed.family';
import type { BetaParameters } from '../context-free/beta-posterior';

/** That the rate of a banner changed: since when, and how sure that is. */
export interface RateAlarm {
  /** Start of the first bucket after the change, ms since the epoch. */
  readonly changedAt: number;
  /** Log-likelihood ratio of a change against none, in nats. */
  readonly statistic: number;
  /** What it had to reach. */
  readonly threshold: number;
  /** Index of that bucket. */
  readonly bucket: number;
}

/** Successes of each bucket: a reward r counts as the fraction (r - rewardMin) / (rewardMax - rewardMin) of one. */
function successesOf({ trials, rewardSums }: WindowedSums, { rewardMin, rewardMax }: BetaParameters): Float64Array {
  return trials.map((count, i) => {
    const scaled = ((rewardSums[i] ?? 0) - count * rewardMin) / (rewardMax - rewardMin);
    return Math.min(Math.max(scaled, 0), Math.max(count, 0));
  });
}

/**
 * The last change that the buckets tell, or null. As the source restarts its test after an alarm, the buckets after a change are searched
 * again. The newest bucket is left out: the rewards of its trials may be still on their way, which looks like a fall.
 *
 * @param delta chance of a false alarm that is aimed at
 */
export function lastChange(sums: WindowedSums, prior: BetaParameters, delta: number): RateAlarm | null {
  const settled = Math.max(sums.indices.length - 1, 0);
  const trials = sums.trials.subarray(0, settled);
  const successes = successesOf(sums, prior).subarray(0, settled);
  let alarm: RateAlarm | null = null;
  let from = 0;
  for (;;) {
    const change = bernoulliGlr(trials, successes, from);
    if (change === null) return alarm;
    const threshold = glrThreshold(change.trials, delta);
    if (change.statistic < threshold) return alarm;
    const bucket = sums.indices[change.split] ?? 0;
    alarm = { changedAt: sums.startOf(bucket), statistic: change.statistic, threshold, bucket };
    from = change.split;
  }
}
