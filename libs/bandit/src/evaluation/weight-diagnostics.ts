import type { LoggedRounds } from './rounds/logged-rounds';

/** How much the log says about the evaluated policy. `docs/evaluation.md` tells how to read it. */
export interface WeightDiagnostics {
  /** 1 in expectation: far from it, propensities are wrong or actions of the policy could not be logged. */
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Rounds drawn from the policy itself that would say as much: (sum w)^2 / sum w^2, in [1, n]. */
  readonly effectiveSampleSize: number;
  /** Rounds whose action the policy would never take: they say nothing to IPS. */
  readonly zeroCount: number;
  /** The same, divided by n. */
  readonly zeroShare: number;
}

/** @see Kong, A Note on Importance Sampling using Standardized Weights (1992), for the effective sample size */
export function weightDiagnostics({ weight, rounds }: Pick<LoggedRounds, 'weight' | 'rounds'>): WeightDiagnostics {
  let [sum, squares, min, max, zeroCount] = [0, 0, Infinity, -Infinity, 0];
  for (const w of weight) {
    sum += w;
    squares += w * w;
    if (w < min) min = w;
    if (w > max) max = w;
    if (w === 0) zeroCount += 1;
  }
  return { mean: sum / rounds, min, max, effectiveSampleSize: (sum * sum) / squares, zeroCount, zeroShare: zeroCount / rounds };
}
