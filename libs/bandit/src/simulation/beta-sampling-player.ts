import type { Rng } from '@vitrine/kernel';
import type { BernoulliPlayer } from './bernoulli-player';
import { BetaPosteriorDraws } from './beta-posterior-draws';
import { VariateSource } from './variate-source';

export interface BetaSampling {
  readonly arms: number;
  /** Successes and failures of the prior, positive. */
  readonly alpha: number;
  readonly beta: number;
  /** Chance of playing the first draw's winner rather than the first other one: 1 is Thompson sampling, less is top-two. */
  readonly leaderShare: number;
}

/**
 * Thompson sampling as its papers describe it: draws a rate from every posterior and plays the largest. In law the same player as a
 * `PolicyPlayer` of `beta-thompson` (or, with a leader's share, of `top-two-thompson`), which integrates instead: what that one's
 * `distribution` says is the chance of this one's `choose`. For long simulations, where it costs a fiftieth.
 */
export class BetaSamplingPlayer implements BernoulliPlayer {
  private posteriors: readonly BetaPosteriorDraws[] = [];
  private rng: Rng = () => 0;
  private lastWinner = 0;

  constructor(private readonly sampling: BetaSampling) {}

  begin(rng: Rng): void {
    const { arms, alpha, beta } = this.sampling;
    const variates = new VariateSource(rng);
    this.rng = rng;
    this.lastWinner = 0;
    this.posteriors = Array.from({ length: arms }, () => new BetaPosteriorDraws(rng, variates, alpha, beta));
  }

  choose(): number {
    const { leaderShare, arms } = this.sampling;
    const first = this.winner();
    if (leaderShare === 1 || arms === 1 || this.rng() < leaderShare) return first;
    for (;;) {
      const second = this.winner();
      if (second !== first) return second;
    }
  }

  learn(arm: number, reward: number): void {
    this.posteriors[arm]?.learn(reward);
  }

  /** Starts with the arm that won last, whose draw leaves the others the least to do. */
  private winner(): number {
    const { posteriors } = this;
    let winner = this.lastWinner;
    let best = posteriors[winner]?.drawAbove(-1) ?? -1;
    for (let arm = 0; arm < posteriors.length; arm++) {
      if (arm === this.lastWinner) continue;
      const draw = posteriors[arm]?.drawAbove(best) ?? -1;
      if (draw > best) {
        best = draw;
        winner = arm;
      }
    }
    this.lastWinner = winner;
    return winner;
  }
}
