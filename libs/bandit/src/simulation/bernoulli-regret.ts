import { invariant, rngFromNumber, type Rng } from '@vitrine/kernel';
import type { BernoulliPlayer } from './bernoulli-player';

/** A bandit whose arms pay 1 with fixed chances, played again and again. */
export interface BernoulliStudy {
  /** Chance of a reward per arm, shape [arms]. */
  readonly rates: readonly number[];
  /** Rounds after which the regret is noted, ascending; the last is the horizon. */
  readonly checkpoints: readonly number[];
  readonly runs: number;
  /** Run r draws everything from the stream of seed + r. */
  readonly seed: number;
}

/** What one run came to. */
export interface BernoulliRun {
  /** Pseudo-regret after each checkpoint, shape [checkpoints]. */
  readonly regret: Float64Array;
  /** 1 when the arm with the highest mean reward at the end is the best one; shared where several have it. */
  readonly namedBest: number;
}

export interface MeanWithError {
  readonly mean: number;
  /** Of the mean; 0 for a single run. */
  readonly standardError: number;
}

export interface BernoulliSummary {
  /** Per checkpoint. */
  readonly regret: readonly ({ readonly round: number } & MeanWithError)[];
  /** Probability of naming the best arm at the horizon. */
  readonly namedBest: MeanWithError;
}

/**
 * Pseudo-regret of a player on a Bernoulli bandit, over independent runs: sum over rounds of the best rate less the rate of the arm played.
 * Deterministic under its seed.
 *
 * @see Bubeck & Cesa-Bianchi, Regret Analysis of Stochastic and Nonstochastic Multi-armed Bandit Problems, 2012, section 1.1
 */
export function simulateBernoulli(study: BernoulliStudy, player: BernoulliPlayer): BernoulliSummary {
  return summariseBernoulli(
    study,
    Array.from({ length: study.runs }, (_, run) => simulateBernoulliRun(study, player, run)),
  );
}

/** One run of such a study, for callers that show how far it got. */
export function simulateBernoulliRun(study: BernoulliStudy, player: BernoulliPlayer, run: number): BernoulliRun {
  const { rates, checkpoints, seed } = study;
  const rng = rngFromNumber(seed + run);
  const tally = new Tally(rates);
  const regret = new Float64Array(checkpoints.length);
  player.begin(rng);
  let round = 0;
  for (const [i, checkpoint] of checkpoints.entries()) {
    invariant(checkpoint > round, 'checkpoints ascend from above 0');
    for (; round < checkpoint; round++) tally.play(player, rng);
    regret[i] = tally.pseudoRegret();
  }
  return { regret, namedBest: tally.namedBest() };
}

/** @param runs at least one */
export function summariseBernoulli({ checkpoints }: BernoulliStudy, runs: readonly BernoulliRun[]): BernoulliSummary {
  return {
    regret: checkpoints.map((round, i) => ({ round, ...meanOfRuns(runs.map(({ regret }) => regret[i] ?? 0)) })),
    namedBest: meanOfRuns(runs.map(({ namedBest }) => namedBest)),
  };
}

function meanOfRuns(values: readonly number[]): MeanWithError {
  invariant(values.length > 0, 'a mean is of at least one run');
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const scatter = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: values.length > 1 ? Math.sqrt(scatter / (values.length - 1) / values.length) : 0 };
}

/** What each arm was played and paid in one run. */
class Tally {
  private readonly plays: Float64Array;
  private readonly rewards: Float64Array;
  private readonly best: number;

  constructor(private readonly rates: readonly number[]) {
    invariant(rates.length > 0 && rates.every((rate) => rate >= 0 && rate <= 1), 'every arm has a rate');
    this.plays = new Float64Array(rates.length);
    this.rewards = new Float64Array(rates.length);
    this.best = Math.max(...rates);
  }

  play(player: BernoulliPlayer, rng: Rng): void {
    const arm = player.choose();
    const reward = rng() < (this.rates[arm] ?? 0) ? 1 : 0;
    player.learn(arm, reward);
    this.plays[arm] = (this.plays[arm] ?? 0) + 1;
    this.rewards[arm] = (this.rewards[arm] ?? 0) + reward;
  }

  /** From the counts, so that rounding does not grow with the rounds. */
  pseudoRegret(): number {
    return this.rates.reduce((sum, rate, arm) => sum + (this.best - rate) * (this.plays[arm] ?? 0), 0);
  }

  namedBest(): number {
    const means = this.rates.map((_, arm) => (this.rewards[arm] ?? 0) / Math.max(this.plays[arm] ?? 0, 1));
    const highest = Math.max(...means);
    const named = this.rates.filter((_, arm) => means[arm] === highest);
    return named.filter((rate) => rate === this.best).length / named.length;
  }
}
