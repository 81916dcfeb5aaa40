import { betaFraction } from './incomplete-beta';
import { CELL, cellDensity, cellValue } from './piecewise-cdf';
import { logBeta } from './log-gamma';
import type { LogitBeta } from './logit-beta';

/** Below this cumulative probability a table, which is right to 1e-10 or so, gives way to the continued fraction. */
const TABLE_FROM = 1e-3;

/**
 * The distribution of logit(X), X ~ Beta(a, b), with relative precision (about 1e-8) however far down its lower tail: where the table of
 * `LogitBeta` knows only 0. Built from that table; made for looking at improbable events, not for speed.
 */
export class LogitBetaTail {
  /** logit of a / (a + b), where the density on the logit scale is highest. */
  readonly mode: number;
  readonly variance: number;
  private readonly share: number;
  private readonly logPeak: number;

  constructor(
    readonly a: number,
    readonly b: number,
    private readonly table: LogitBeta,
  ) {
    this.share = a / (a + b);
    this.mode = Math.log(a / b);
    this.variance = 1 / a + 1 / b;
    this.logPeak = a * Math.log(this.share) + b * Math.log1p(-this.share) - logBeta(a, b);
  }

  /** Where the cumulative probability is 1 for all that the table can tell. */
  get end(): number {
    return this.table.start + this.table.width * this.table.cdf.cells;
  }

  logDensity(y: number): number {
    const d = y - this.mode;
    return this.logPeak + this.a * d - (this.a + this.b) * this.logRatio(d);
  }

  /** Derivative of `logDensity`. */
  slope(y: number): number {
    return this.a - (this.a + this.b) * logistic(y);
  }

  /** Second derivative of `logDensity`; negative. */
  curvature(y: number): number {
    const x = logistic(y);
    return -(this.a + this.b) * x * (1 - x);
  }

  /** Density over cumulative probability: the derivative of `logCdf`. 0 beyond the end of the table. */
  reverseHazard(y: number): number {
    const { cdf, start, width } = this.table;
    const place = (y - start) / width;
    if (place >= cdf.cells) return 0;
    const value = this.tabulated(place);
    if (value < TABLE_FROM) return this.a / betaFraction(logistic(y), this.a, this.b);
    const cell = Math.floor(place);
    return cellDensity(cdf.coefficients, cell * CELL, place - cell) / (width * value);
  }

  /** Logarithm of the cumulative probability. */
  logCdf(y: number): number {
    const { cdf, start, width } = this.table;
    const place = (y - start) / width;
    if (place >= cdf.cells) return 0;
    const value = this.tabulated(place);
    if (value >= TABLE_FROM) return Math.log(value);
    return this.logDensity(y) + Math.log(betaFraction(logistic(y), this.a, this.b) / this.a);
  }

  private tabulated(place: number): number {
    if (place <= 0) return 0;
    const cell = Math.floor(place);
    return cellValue(this.table.cdf.coefficients, cell * CELL, place - cell);
  }

  /** log(1 + (e^d - 1) share), also where e^d overflows. */
  private logRatio(d: number): number {
    return d > 600 ? d + Math.log(this.share) : Math.log1p(this.share * Math.expm1(d));
  }
}

function logistic(y: number): number {
  return 1 / (1 + Math.exp(-y));
}
