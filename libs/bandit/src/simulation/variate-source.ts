import { invariant, type Rng } from '@vitrine/kernel';

/**
 * Normal, gamma and Beta variates from a stream of uniform ones, for simulations. Decisions never draw them: a policy answers with
 * probabilities.
 */
export class VariateSource {
  private spare = 0;
  private hasSpare = false;

  constructor(private readonly rng: Rng) {}

  /** Standard normal: the polar method, two at a time. @see Marsaglia & Bray, SIAM Review 6 (1964) */
  normal(): number {
    if (this.hasSpare) {
      this.hasSpare = false;
      return this.spare;
    }
    for (;;) {
      const x = 2 * this.rng() - 1;
      const y = 2 * this.rng() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const stretch = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = y * stretch;
      this.hasSpare = true;
      return x * stretch;
    }
  }

  /**
   * Gamma with rate 1, by squeezed rejection from a cubed normal; below shape 1 from shape + 1.
   *
   * @param shape positive
   * @see Marsaglia & Tsang, ACM TOMS 26 (2000)
   */
  gamma(shape: number): number {
    invariant(shape > 0, 'a gamma variate has a positive shape');
    if (shape < 1) return this.gamma(shape + 1) * Math.exp(Math.log(1 - this.rng()) / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const base = 1 + c * x;
      if (base <= 0) continue;
      const v = base * base * base;
      const u = 1 - this.rng();
      const square = x * x;
      if (u < 1 - 0.0331 * square * square || Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v))) return d * v;
    }
  }

  /** Beta(a, b) as a ratio of gammas. */
  beta(a: number, b: number): number {
    const successes = this.gamma(a);
    return successes / (successes + this.gamma(b));
  }
}
