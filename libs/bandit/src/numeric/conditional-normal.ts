import { choleskyFactor, invertedFactorRows } from './cholesky-factor';
import { dot } from './dot';

/** What data say of a vector w of d numbers: log-likelihood `vector . w - w^T precision w / 2`. Squares are row-major, symmetric and full. */
export interface Information {
  readonly precision: Float64Array;
  readonly vector: Float64Array;
}

/** Normal belief of a vector. */
export interface VectorBelief {
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** A vector `w ~ N(parent, diag(deviations^2))` solved for, given its parent. */
export interface Conditional {
  /** Covariance of w where the parent is known. */
  readonly covariance: Float64Array;
  /** covariance times the information's vector: mean of w for a parent of 0. */
  readonly offset: Float64Array;
  /** log |I + D P D|: what w takes off the log-likelihood, twice. */
  readonly logDeterminant: number;
  /** vector^T covariance vector: what w adds to it, twice. */
  readonly explained: number;
}

export function noInformation(dimension: number): Information {
  return { precision: new Float64Array(dimension * dimension), vector: new Float64Array(dimension) };
}

/**
 * Works with (I + D P D)^-1, whose pivots are at least 1: deviations may be as small as they like. O(d^3).
 *
 * @param deviations D, shape [d]
 */
export function conditionalOf({ precision, vector }: Information, deviations: Float64Array): Conditional {
  const d = vector.length;
  const work = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) work[i * d + j] = (deviations[i] ?? 0) * (precision[i * d + j] ?? 0) * (deviations[j] ?? 0);
    work[i * d + i] = (work[i * d + i] ?? 0) + 1;
  }
  const logDeterminant = choleskyFactor(work, d, 1);
  const rows = invertedFactorRows(work, d);
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      const value = (deviations[i] ?? 0) * (deviations[j] ?? 0) * dotRows(rows, i * d, rows, { at: j * d, from: j, to: d });
      work[i * d + j] = value;
      work[j * d + i] = value;
    }
  }
  const offset = multiplyVector(work, vector);
  return { covariance: work, offset, logDeterminant, explained: dot(vector, offset, d) };
}

/** Adds what the data below w say of its parent: precision T^-1 - T^-1 C T^-1 and vector T^-1 C h, T = diag(deviations^2), positive. */
export function addMessage(into: Information, { covariance, offset }: Conditional, deviations: Float64Array): void {
  const d = deviations.length;
  for (let i = 0; i < d; i++) {
    const ti = 1 / (deviations[i] ?? 1) ** 2;
    into.vector[i] = (into.vector[i] ?? 0) + ti * (offset[i] ?? 0);
    for (let j = 0; j < d; j++) {
      const tj = 1 / (deviations[j] ?? 1) ** 2;
      const message = (i === j ? ti : 0) - ti * tj * (covariance[i * d + j] ?? 0);
      into.precision[i * d + j] = (into.precision[i * d + j] ?? 0) + message;
    }
  }
}

/** Belief of w from that of its parent: mean C h + G m, covariance C + G V G^T, G = C T^-1. O(d^3). */
export function beliefBelow(parent: VectorBelief, { covariance, offset }: Conditional, deviations: Float64Array): VectorBelief {
  const d = deviations.length;
  const gain = covariance.map((value, at) => value / (deviations[at % d] ?? 1) ** 2);
  const mean = multiplyVector(gain, parent.mean);
  for (let i = 0; i < d; i++) mean[i] = (mean[i] ?? 0) + (offset[i] ?? 0);
  const half = multiplySquares(gain, parent.covariance, d);
  const spread = Float64Array.from(covariance);
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      const value = (covariance[i * d + j] ?? 0) + dotRows(half, i * d, gain, { at: j * d, from: 0, to: d });
      spread[i * d + j] = value;
      spread[j * d + i] = value;
    }
  }
  return { mean, covariance: spread };
}

/** What is known of how a vector differs from its parent. */
export interface Departure {
  /** Shape [d]. */
  readonly mean: Float64Array;
  /** Shape [d]. */
  readonly variance: Float64Array;
}

/** Posterior mean and variances of w - parent: variances of C + (I - G) V (I - G)^T. O(d^3). */
export function departureBelow(parent: VectorBelief, { covariance, offset }: Conditional, deviations: Float64Array): Departure {
  const d = deviations.length;
  const lack = covariance.map((value, at) => (at % (d + 1) === 0 ? 1 : 0) - value / (deviations[at % d] ?? 1) ** 2);
  const mean = multiplyVector(lack, parent.mean).map((value, i) => (offset[i] ?? 0) - value);
  const half = multiplySquares(lack, parent.covariance, d);
  const variance = mean.map((_, i) => (covariance[i * d + i] ?? 0) + dotRows(half, i * d, lack, { at: i * d, from: 0, to: d }));
  return { mean, variance };
}

/** Posterior belief of a vector that has no parent but 0. */
export function rootBelief({ covariance, offset }: Conditional): VectorBelief {
  return { mean: offset, covariance };
}

interface RowRange {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** Product of two rows over the columns [from, to). */
function dotRows(a: Float64Array, rowA: number, b: Float64Array, { at, from, to }: RowRange): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += (a[rowA + k] ?? 0) * (b[at + k] ?? 0);
  return sum;
}

function multiplyVector(square: Float64Array, x: Float64Array): Float64Array {
  const d = x.length;
  const out = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    let sum = 0;
    for (let k = 0; k < d; k++) sum += (square[i * d + k] ?? 0) * (x[k] ?? 0);
    out[i] = sum;
  }
  return out;
}

/** a b for a symmetric b, whose rows are its columns. */
function multiplySquares(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) out[i * d + j] = dotRows(a, i * d, b, { at: j * d, from: 0, to: d });
  }
  return out;
}
