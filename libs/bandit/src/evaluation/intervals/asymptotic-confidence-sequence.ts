import { invariant } from '@vitrine/kernel';
import { assertChance } from './moments';

export interface ConfidenceSequenceOptions {
  /** a, the chance that the sequence ever misses, in (0, 1). */
  readonly errorRate: number;
  /** rho > 0, without unit: where the sequence is tightest. {@link rhoTightestAt} chooses it. */
  readonly rho: number;
  /** First round with finite bounds, >= 2: the variance must have settled, since the guarantee is one of large samples. */
  readonly from: number;
}

/** Bounds after every round, in units of the terms, shape [n]; infinite before `from`. */
export interface ConfidenceSequence {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * Asymptotic confidence sequence: bounds that hold at all times at once, so that one may look after every round and stop when one likes.
 * After t terms, with their mean m and standard deviation s (over t),
 *
 *   m +- s sqrt( 2 (t rho^2 + 1) / (t^2 rho^2) ln( sqrt(t rho^2 + 1) / a ) ).
 *
 * @param terms one per round in the order they came, independent and alike, shape [n]
 * @see Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, Time-uniform central limit theory and asymptotic confidence sequences,
 * Annals of Statistics 52 (2024), theorem 2.2
 */
export function asymptoticConfidenceSequence(terms: Float64Array, { errorRate, rho, from }: ConfidenceSequenceOptions): ConfidenceSequence {
  assertChance(errorRate);
  invariant(rho > 0 && Number.isFinite(rho) && from >= 2, 'rho is positive, and one term has no spread');
  const lower = new Float64Array(terms.length).fill(-Infinity);
  const upper = new Float64Array(terms.length).fill(Infinity);
  let mean = 0;
  let squares = 0; // of deviations, by Welford's update
  for (let i = 0; i < terms.length; i++) {
    const t = i + 1;
    const deviation = (terms[i] ?? 0) - mean;
    mean += deviation / t;
    squares += deviation * ((terms[i] ?? 0) - mean);
    if (t < from) continue;
    const reach = Math.sqrt(squares / t) * boundary(t, rho, errorRate);
    lower[i] = mean - reach;
    upper[i] = mean + reach;
  }
  return { lower, upper };
}

/** Robbins' normal mixture boundary for terms of unit variance, divided by t. */
function boundary(t: number, rho: number, errorRate: number): number {
  const grown = t * rho * rho + 1;
  return Math.sqrt(((2 * grown) / (t * t * rho * rho)) * Math.log(Math.sqrt(grown) / errorRate));
}

/**
 * The rho whose sequence is (nearly) tightest after `rounds` terms: sqrt((-2 ln a + ln(-2 ln a + 1)) / rounds).
 *
 * @see the same paper, appendix on optimising the boundary
 */
export function rhoTightestAt(rounds: number, errorRate: number): number {
  assertChance(errorRate);
  invariant(rounds > 0, 'a number of rounds');
  const base = -2 * Math.log(errorRate);
  return Math.sqrt((base + Math.log(base + 1)) / rounds);
}
