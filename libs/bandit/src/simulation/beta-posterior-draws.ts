import type { Rng } from '@vitrine/kernel';
import { incompleteBeta } from '../numeric/incomplete-beta';
import type { VariateSource } from './variate-source';

/** Draws from an unchanged posterior before its tail is measured, which costs about as much as some draws. */
const SETTLED = 16;
/** Where the tail begins, in deviations above the mean. */
const TAIL_AT = 2;

/**
 * Draws from the posterior of one arm in a race for the largest draw, where most arms cannot win: an arm that has not changed for a while
 * knows the chance q of exceeding a point t. Below it the draw itself matters only if the largest so far is below t too, so one uniform
 * number mostly settles it. The law is exactly that of drawing every time.
 */
export class BetaPosteriorDraws {
  private unchanged = 0;
  private tailAt = 0;
  private tailChance = 0;

  constructor(
    private readonly rng: Rng,
    private readonly variates: VariateSource,
    private a: number,
    private b: number,
  ) {}

  learn(reward: number): void {
    this.a += reward;
    this.b += 1 - reward;
    this.unchanged = 0;
  }

  /** A draw if it exceeds `floor`; any number up to `floor` otherwise. */
  drawAbove(floor: number): number {
    if (this.unchanged <= SETTLED && ++this.unchanged > SETTLED) this.measureTail();
    if (this.unchanged <= SETTLED || this.tailChance === 0) return this.variates.beta(this.a, this.b);
    if (this.rng() < this.tailChance) return this.drawFromTail();
    return floor >= this.tailAt ? floor : this.drawBelowTail();
  }

  /** Only where the density is log-concave and the tail begins above its mode. */
  private measureTail(): void {
    const { a, b } = this;
    const mean = a / (a + b);
    const tailAt = mean + TAIL_AT * Math.sqrt((mean * (1 - mean)) / (a + b + 1));
    const mode = (a - 1) / (a + b - 2);
    const usable = a >= 1 && b > 1 && tailAt < 1 && tailAt > mode;
    this.tailAt = tailAt;
    this.tailChance = usable ? 1 - incompleteBeta(tailAt, a, b) : 0;
  }

  /** By rejection from the exponential that touches the density where the tail begins. */
  private drawFromTail(): number {
    const [successes, failures, t] = [this.a - 1, this.b - 1, this.tailAt];
    const decay = failures / (1 - t) - successes / t;
    for (;;) {
      const beyond = -Math.log(1 - this.rng()) / decay;
      if (t + beyond >= 1) continue;
      const logRatio = successes * Math.log1p(beyond / t) + failures * Math.log1p(-beyond / (1 - t)) + decay * beyond;
      if (Math.log(1 - this.rng()) < logRatio) return t + beyond;
    }
  }

  private drawBelowTail(): number {
    for (;;) {
      const draw = this.variates.beta(this.a, this.b);
      if (draw <= this.tailAt) return draw;
    }
  }
}
