import { invariant } from '@vitrine/kernel';

/** @param values not empty */
export function meanOf(values: Float64Array): number {
  invariant(values.length > 0, 'a mean has values');
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  return sum / values.length;
}

export function maxOf(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}

export interface Spread {
  /** Number of terms, >= 2. */
  readonly n: number;
  readonly mean: number;
  /** Sum of squared deviations from the mean, in squared units of the terms. */
  readonly squares: number;
}

/** Mean and squared deviations in two passes: one pass would cancel where the mean is large beside the spread. */
export function spreadOf(terms: Float64Array): Spread {
  invariant(terms.length >= 2, 'a spread needs at least two terms');
  const mean = meanOf(terms);
  let squares = 0;
  for (let i = 0; i < terms.length; i++) squares += ((terms[i] ?? 0) - mean) ** 2;
  return { n: terms.length, mean, squares };
}

/** Both ends in units of the terms. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export function around(centre: number, halfWidth: number): Interval {
  return { lower: centre - halfWidth, upper: centre + halfWidth };
}

/** The chance that an interval is allowed to miss: a programming mistake where it is none. */
export function assertChance(value: number): void {
  invariant(value > 0 && value < 1, 'an error rate lies inside (0, 1)');
}
