import { type Rng } from '@vitrine/kernel';
import type { BernoulliPlayer } from './bernoulli-player';
import { aPlayer } from './bernoulli-reference.fixture';
import { simulateBernoulli, simulateBernoulliRun, summariseBernoulli } from './bernoulli-regret';

/** Plays arms in turn and writes down what it saw. */
class TurnPlayer implements BernoulliPlayer {
  readonly rewards: number[] = [];
  private turn = 0;

  constructor(private readonly arms: number) {}

  begin(_rng: Rng): void {
    this.turn = 0;
    this.rewards.length = 0;
  }

  choose(): number {
    return this.turn++ % this.arms;
  }

  learn(_arm: number, reward: number): void {
    this.rewards.push(reward);
  }
}

const study = { rates: [0.2, 0.5, 0.9], checkpoints: [1, 3, 300], runs: 4, seed: 8 };

describe('simulateBernoulli', () => {
  it('sums the gaps of the arms that were played, whatever they paid', () => {
    const { regret } = simulateBernoulli(study, new TurnPlayer(3));
    expect(regret.map(({ round }) => round)).toEqual([1, 3, 300]);
    [0.7, 1.1, 110].forEach((expected, i) => expect(regret[i]?.mean).toBeCloseTo(expected, 10));
    expect(regret.every(({ standardError }) => standardError < 1e-12)).toBe(true);
  });

  it('pays 1 with the chance of the arm, else 0', () => {
    const player = new TurnPlayer(1);
    simulateBernoulliRun({ ...study, rates: [0.3], checkpoints: [10_000] }, player, 0);
    expect(new Set(player.rewards)).toEqual(new Set([0, 1]));
    // 5 standard errors: 6e-7.
    expect(Math.abs(player.rewards.reduce((sum, reward) => sum + reward, 0) - 3000)).toBeLessThan(5 * Math.sqrt(10_000 * 0.21));
  });

  it('names the arm of the highest mean, in parts where several have it', () => {
    expect(simulateBernoulli(study, new TurnPlayer(3)).namedBest.mean).toBe(1);
    expect(simulateBernoulli({ ...study, rates: [1, 1, 0] }, new TurnPlayer(3)).namedBest.mean).toBe(1); // either of the best
    expect(simulateBernoulli({ ...study, rates: [0, 0, 0.5], checkpoints: [2] }, new TurnPlayer(3)).namedBest.mean).toBeCloseTo(1 / 3, 12);
  });

  it('repeats with its seed, and run r of a seed is run 0 of seed + r', () => {
    const player = aPlayer('epsilon-greedy', {}, 3);
    const whole = simulateBernoulli(study, player);
    expect(simulateBernoulli(study, player)).toEqual(whole);
    expect(simulateBernoulli({ ...study, seed: 9 }, player)).not.toEqual(whole);
    expect(simulateBernoulliRun({ ...study, seed: 10 }, player, 0)).toEqual(simulateBernoulliRun(study, player, 2));
    expect(
      summariseBernoulli(
        study,
        [0, 1, 2, 3].map((run) => simulateBernoulliRun(study, player, run)),
      ),
    ).toEqual(whole);
  });

  it('has standard errors of a mean', () => {
    const run = (regret: number) => ({ regret: Float64Array.of(regret), namedBest: 1 });
    const { regret } = summariseBernoulli({ ...study, checkpoints: [5] }, [1, 2, 6].map(run));
    expect(regret[0]?.mean).toBe(3);
    expect(regret[0]?.standardError).toBeCloseTo(Math.sqrt(7 / 3), 12); // sample variance 7
    expect(summariseBernoulli(study, [run(4)]).regret[0]?.standardError).toBe(0);
  });

  it('refuses checkpoints that do not ascend, rates that are none, and no runs at all', () => {
    const player = new TurnPlayer(3);
    expect(() => simulateBernoulli({ ...study, checkpoints: [5, 5] }, player)).toThrow('ascend');
    expect(() => simulateBernoulli({ ...study, checkpoints: [0] }, player)).toThrow('ascend');
    expect(() => simulateBernoulli({ ...study, rates: [0.1, 1.2] }, player)).toThrow('rate');
    expect(() => simulateBernoulli({ ...study, runs: 0 }, player)).toThrow('at least one');
  });
});

describe('PolicyPlayer', () => {
  it.each(['gaussian-thompson', 'exp3-ix', 'top-two-thompson', 'ucb1'])('plays %s, which finds the arm that pays', (name) => {
    const { regret } = simulateBernoulli({ rates: [0.1, 0.9], checkpoints: [400], runs: 3, seed: 4 }, aPlayer(name, {}, 2));
    const random = 400 * 0.4;
    expect(regret[0]?.mean).toBeLessThan(name === 'top-two-thompson' ? 1.2 * random : 0.7 * random);
  });

  it('starts every run from nothing', () => {
    const player = aPlayer('kl-ucb', {}, 2);
    const one = { ...study, rates: [0.4, 0.6], runs: 1 };
    const first = simulateBernoulli(one, player);
    expect(simulateBernoulli(one, player)).toEqual(first);
  });
});
