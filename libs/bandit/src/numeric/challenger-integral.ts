import { invariant } from '@vitrine/kernel';
import type { LogitBetaTail } from './logit-beta-tail';
import { Scratch } from './scratch';

/** Steps towards a peak, and how close to it, in widths, is enough: the quadrature only has to lie around it. */
const PEAK_STEPS = 60;
const CLOSE = 0.3;
/** Step of the trapezoidal rule, and the share of the sum at which it stops. */
const STEP = 0.25;
const NEGLIGIBLE = 1e-10;
const MOST_STEPS = 60;
/** A challenger e^-30 behind the first needs no digits. */
const HOPELESS = 30;

/**
 * Given that a certain Beta variate (the leader) is not the largest, which one is? P(i is the largest) / P(the leader is not), where the
 * denominator may be far below the precision of any integral of probabilities near 1, or below the smallest double.
 *
 * For each i the logarithm of f_i(y) prod_{k != i} F_k(y) is a concave function on the logit scale. From near its peak the trapezoidal rule
 * in u, y = peak + width sinh(u), takes narrow and long-tailed ones alike (Takahasi & Mori, Publ. RIMS 9 (1974)). Only ratios of
 * such integrals are formed. Relative error of each share below 1e-6; shares under e^-30 are rough. Equal variates get bitwise equal
 * shares. Holds scratch: one call at a time.
 */
export class ChallengerIntegral {
  /** The variates in an order of their own, so that sums of large logarithms do not depend on the caller's. */
  private readonly sorted: LogitBetaTail[] = [];
  /** Where each of them stands with the caller. */
  private readonly places: number[] = [];
  private readonly peaks = new Scratch();
  private readonly widths = new Scratch();
  private readonly heights = new Scratch();
  private peak = 0;
  private width = 0;
  private highest = 0;
  private sum = 0;

  /**
   * @param variates n >= 2
   * @param leader its index
   * @param out shape [>= n]: receives shares that sum to 1, 0 for the leader
   */
  solve(variates: readonly LogitBetaTail[], leader: number, out: Float64Array): void {
    const n = variates.length;
    invariant(n >= 2 && leader >= 0 && leader < n && out.length >= n, 'a leader and at least one challenger');
    this.arrange(variates);
    const first = this.places.indexOf(leader);
    const highest = this.locate(this.sorted, first, this.heights.take(n));
    let total = 0;
    for (let i = 0; i < n; i++) {
      const share = i === first ? 0 : this.share(this.sorted, i, highest);
      out[this.places[i] ?? 0] = share;
      total += share;
    }
    for (let i = 0; i < n; i++) out[i] = (out[i] ?? 0) / total;
  }

  /** Insertion sort: n is small, and nothing is allocated. */
  private arrange(variates: readonly LogitBetaTail[]): void {
    this.sorted.length = 0;
    for (const [i, variate] of variates.entries()) {
      let place = i;
      for (; place > 0 && precedes(variate, this.sorted[place - 1]); place--) this.move(place - 1, place);
      this.sorted[place] = variate;
      this.places[place] = i;
    }
    this.places.length = variates.length;
  }

  private move(from: number, to: number): void {
    const [variate, place] = [this.sorted[from], this.places[from]];
    if (variate === undefined || place === undefined) return;
    this.sorted[to] = variate;
    this.places[to] = place;
  }

  /** Finds every challenger's peak and the logarithm of its integral by Laplace's method; returns the largest. */
  private locate(variates: readonly LogitBetaTail[], leader: number, heights: Float64Array): number {
    const peaks = this.peaks.take(variates.length);
    const widths = this.widths.take(variates.length);
    let highest = -Infinity;
    for (let i = 0; i < variates.length; i++) {
      if (i === leader) continue;
      const peak = peakOf(variates, i, leader);
      const width = 1 / Math.sqrt(bend(variates, i, peak));
      const height = logIntegrand(variates, i, peak) + Math.log(width * Math.sqrt(2 * Math.PI));
      peaks[i] = peak;
      widths[i] = width;
      heights[i] = height;
      highest = Math.max(highest, height);
    }
    return highest;
  }

  /** The integral for variate i over e^highest. */
  private share(variates: readonly LogitBetaTail[], i: number, highest: number): number {
    const height = (this.heights.take(0)[i] ?? 0) - highest;
    if (height < -HOPELESS) return Math.exp(height);
    this.peak = this.peaks.take(0)[i] ?? 0;
    this.width = this.widths.take(0)[i] ?? 0;
    this.highest = highest;
    this.sum = this.term(variates, i, 0);
    this.addSide(variates, i, STEP);
    this.addSide(variates, i, -STEP);
    return this.sum * STEP * this.width;
  }

  private addSide(variates: readonly LogitBetaTail[], i: number, step: number): void {
    for (let k = 1; k <= MOST_STEPS; k++) {
      const term = this.term(variates, i, k * step);
      this.sum += term;
      if (term < NEGLIGIBLE * this.sum) return;
    }
  }

  private term(variates: readonly LogitBetaTail[], i: number, u: number): number {
    return Math.exp(logIntegrand(variates, i, this.peak + this.width * Math.sinh(u)) - this.highest) * Math.cosh(u);
  }
}

function precedes(one: LogitBetaTail, other: LogitBetaTail | undefined): boolean {
  return other !== undefined && (one.a < other.a || (one.a === other.a && one.b < other.b));
}

/** log f_i + sum_{k != i} log F_k. The sum runs over all and gives back i's own term, so that equal variates see equal roundings. */
function logIntegrand(variates: readonly LogitBetaTail[], i: number, y: number): number {
  let sum = 0;
  for (const variate of variates) sum += variate.logCdf(y);
  const own = variates[i];
  return own === undefined ? sum : sum - own.logCdf(y) + own.logDensity(y);
}

/** Derivative of `logIntegrand`. */
function rise(variates: readonly LogitBetaTail[], i: number, y: number): number {
  let sum = 0;
  for (const variate of variates) sum += variate.reverseHazard(y);
  const own = variates[i];
  return own === undefined ? sum : sum - own.reverseHazard(y) + own.slope(y);
}

/** Minus its second derivative: positive, as the function is concave. */
function bend(variates: readonly LogitBetaTail[], i: number, y: number): number {
  const own = variates[i];
  let sum = 0;
  for (const variate of variates) sum += bendOfCdf(variate, y);
  const bent = own === undefined ? sum : sum - bendOfCdf(own, y) - own.curvature(y);
  return Math.max(bent, Number.MIN_VALUE);
}

function bendOfCdf(variate: LogitBetaTail, y: number): number {
  const hazard = variate.reverseHazard(y);
  return hazard === 0 ? 0 : Math.max(hazard * (hazard - variate.slope(y)), 0);
}

/**
 * Where `logIntegrand` is highest, to a third of a width: Newton's method from where two normals of these modes and variances would balance,
 * kept between the variate's own mode, where the function still rises, and a point where it falls.
 */
function peakOf(variates: readonly LogitBetaTail[], i: number, leader: number): number {
  const [own, first] = [variates[i], variates[leader]];
  if (own === undefined || first === undefined) return 0;
  let low = own.mode;
  let high = fallingPoint(variates, i, Math.max(first.mode, low));
  let y = low + (Math.max(first.mode - low, 0) * own.variance) / (own.variance + first.variance);
  for (let step = 0; step < PEAK_STEPS; step++) {
    const slope = rise(variates, i, y);
    if (slope > 0) low = y;
    else high = y;
    const bent = bend(variates, i, y);
    if (Math.abs(slope) < CLOSE * Math.sqrt(bent)) break;
    const newton = y + slope / bent;
    y = newton > low && newton < high ? newton : (low + high) / 2;
  }
  return y;
}

/** A point above `from` from which `logIntegrand` falls. */
function fallingPoint(variates: readonly LogitBetaTail[], i: number, from: number): number {
  let reach = Math.sqrt(variates[i]?.variance ?? 1);
  while (rise(variates, i, from + reach) > 0) reach *= 2;
  return from + reach;
}
