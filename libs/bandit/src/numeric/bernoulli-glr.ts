/** The most likely place at which the rate of a sequence of trials changed. */
export interface RateChange {
  /** Index of the first bucket after it. */
  readonly split: number;
  /** Log-likelihood ratio of two rates against one, in nats. */
  readonly statistic: number;
  /** Trials that were looked at. */
  readonly trials: number;
}

/** ln of the largest likelihood of `successes` in `trials`: S ln(S / n) + F ln(F / n). */
function logLikelihood(successes: number, trials: number): number {
  const failures = trials - successes;
  return (successes > 0 ? successes * Math.log(successes / trials) : 0) + (failures > 0 ? failures * Math.log(failures / trials) : 0);
}

/**
 * Bernoulli generalised likelihood ratio over the ends of buckets:
 * sup_s [ s kl(mean of 1..s, mean of 1..n) + (n - s) kl(mean of s+1..n, mean of 1..n) ].
 *
 * @param trials shape [n], each >= 0
 * @param successes shape [n], each in [0, trials]; fractions of a success for rewards in [0, 1], for which the test stays valid
 * @param from index of the first bucket to look at
 * @returns null when fewer than two buckets have trials
 * @see Besson, Kaufmann, Maillard & Seznec, Efficient Change-Point Detection for Tackling Piecewise-Stationary Bandits, JMLR 23 (2022), section 3
 */
export function bernoulliGlr(trials: Float64Array, successes: Float64Array, from: number): RateChange | null {
  let total = 0;
  let totalSuccesses = 0;
  for (let i = from; i < trials.length; i++) {
    total += trials[i] ?? 0;
    totalSuccesses += successes[i] ?? 0;
  }
  const whole = logLikelihood(totalSuccesses, total);
  let [before, successesBefore, split, statistic] = [0, 0, -1, -Infinity];
  for (let i = from; i < trials.length; i++) {
    if (before > 0 && before < total) {
      const ratio = logLikelihood(successesBefore, before) + logLikelihood(totalSuccesses - successesBefore, total - before) - whole;
      if (ratio > statistic) [split, statistic] = [i, ratio];
    }
    before += trials[i] ?? 0;
    successesBefore += successes[i] ?? 0;
  }
  return split < 0 ? null : { split, statistic: Math.max(statistic, 0), trials: total };
}

/**
 * ln(3 n^(3/2) / delta): what the ratio must reach to be called a change. The form that the source uses in experiments; the one that it
 * proves (lemma 2) is about three times as large for a few thousand trials, and detects as much later.
 *
 * @param trials n, at least 1
 * @param delta chance of a false alarm that is aimed at, in (0, 1)
 */
export function glrThreshold(trials: number, delta: number): number {
  return Math.log((3 * trials ** 1.5) / delta);
}
