import { rngFromNumber } from '@vitrine/kernel';
import { incompleteBeta } from '../numeric/incomplete-beta';
import { sharesOf, aContextFreePolicy } from '../policies/context-free/context-free.fixture';
import { BetaPosteriorDraws } from './beta-posterior-draws';
import { aPlayer } from './bernoulli-reference.fixture';
import { simulateBernoulli } from './bernoulli-regret';
import { BetaSamplingPlayer } from './beta-sampling-player';
import { VariateSource } from './variate-source';

const DRAWS = 40_000;

function chiSquared(counts: Float64Array, probabilities: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return probabilities.reduce((sum, p, i) => sum + ((counts[i] ?? 0) - total * p) ** 2 / (total * p), 0);
}

describe('BetaSamplingPlayer', () => {
  // Chi-squared with 3 degrees of freedom exceeds 34 with probability 2e-7.
  it.each([
    [
      'beta-thompson',
      1,
      1,
      [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    ],
    [
      'beta-thompson',
      1,
      1,
      [
        [400, 20],
        [900, 40],
        [150, 5],
        [60, 1],
      ],
    ],
    [
      'beta-thompson',
      1,
      100,
      [
        [4000, 160],
        [3000, 140],
        [700, 21],
        [0, 0],
      ],
    ],
    [
      'beta-thompson',
      0.5,
      0.5,
      [
        [4, 3],
        [3, 0],
        [5, 5],
        [2, 1],
      ],
    ],
    [
      'top-two-thompson',
      1,
      1,
      [
        [400, 20],
        [900, 40],
        [150, 5],
        [60, 1],
      ],
    ],
    [
      'top-two-thompson',
      1,
      30,
      [
        [800, 60],
        [500, 25],
        [150, 8],
        [60, 2],
      ],
    ],
  ] as const)('chooses with the probabilities of %s, prior Beta(%d, %d), after %j', (name, alpha, beta, history) => {
    const leaderShare = name === 'beta-thompson' ? 1 : 0.5;
    const player = new BetaSamplingPlayer({ arms: history.length, alpha, beta, leaderShare });
    player.begin(rngFromNumber(6));
    history.forEach(([trials, successes], arm) => {
      for (let trial = 0; trial < trials; trial++) player.learn(arm, trial < successes ? 1 : 0);
    });
    const counts = new Float64Array(history.length);
    for (let round = 0; round < DRAWS; round++) {
      const arm = player.choose();
      counts[arm] = (counts[arm] ?? 0) + 1;
    }
    expect(chiSquared(counts, sharesOf(aContextFreePolicy(name, { alpha, beta }), history))).toBeLessThan(34);
  });

  it('loses as much while it learns as the policy that goes through its distribution in every round', () => {
    // Beyond 4 standard errors with probability 6e-5.
    const study = { rates: [0.1, 0.3, 0.2], checkpoints: [100], runs: 300, seed: 500 };
    const [sampled, exact] = [new BetaSamplingPlayer({ arms: 3, alpha: 1, beta: 1, leaderShare: 1 }), aPlayer('beta-thompson', {}, 3)].map(
      (player, i) => simulateBernoulli({ ...study, seed: 1000 * i }, player).regret[0] ?? { mean: Number.NaN, standardError: 0 },
    );
    expect(Math.abs((sampled?.mean ?? 0) - (exact?.mean ?? 0))).toBeLessThan(
      4 * Math.hypot(sampled?.standardError ?? 0, exact?.standardError ?? 0),
    );
  });
});

describe('BetaPosteriorDraws', () => {
  const CELLS = 40;

  /** Draws of an arm that has settled; those not above the floor as the floor. */
  function settledDraws(a: number, b: number, floor: number): Float64Array {
    const rng = rngFromNumber(11);
    const posterior = new BetaPosteriorDraws(rng, new VariateSource(rng), a, b);
    for (let i = 0; i < 100; i++) posterior.drawAbove(-1);
    return Float64Array.from({ length: DRAWS }, () => Math.max(posterior.drawAbove(floor), floor));
  }

  // Chi-squared with at most 40 degrees of freedom exceeds 100 with probability 5e-7.
  it.each([
    [1, 1],
    [1, 40],
    [25, 400],
    [3, 2],
    [0.5, 9],
  ])('has the law of Beta(%d, %d), tail included, without a floor', (a, b) => {
    // Equal cells up to 0.95 and again beyond, where the tail is drawn by itself.
    const cellOf = (u: number): number =>
      u < 0.95 ? Math.floor((u / 0.95) * (CELLS / 2)) : CELLS / 2 + Math.floor(((u - 0.95) / 0.05) * (CELLS / 2));
    const counts = new Float64Array(CELLS);
    for (const draw of settledDraws(a, b, -1)) {
      const cell = Math.min(cellOf(incompleteBeta(draw, a, b)), CELLS - 1);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    const probabilities = Array.from({ length: CELLS }, (_, cell) => (cell < CELLS / 2 ? 0.95 : 0.05) / (CELLS / 2));
    expect(chiSquared(counts, probabilities)).toBeLessThan(100);
  });

  it.each([0.05, 0.08, 0.1])('has the law of the larger of draw and floor %d', (floor) => {
    const [a, b] = [25, 400];
    const missed = incompleteBeta(floor, a, b);
    const cells = 10;
    const counts = new Float64Array(cells + 1);
    for (const draw of settledDraws(a, b, floor)) {
      const above = (incompleteBeta(draw, a, b) - missed) / (1 - missed);
      const cell = draw === floor ? cells : Math.min(Math.floor(above * cells), cells - 1);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    expect(chiSquared(counts, [...Array.from({ length: cells }, () => (1 - missed) / cells), missed])).toBeLessThan(60); // 10 degrees of freedom: 4e-9
  });

  it('forgets its tail when it learns', () => {
    const rng = rngFromNumber(12);
    const posterior = new BetaPosteriorDraws(rng, new VariateSource(rng), 1, 400);
    for (let i = 0; i < 100; i++) posterior.drawAbove(-1);
    for (let i = 0; i < 400; i++) posterior.learn(1);
    const draws = Float64Array.from({ length: 1000 }, () => posterior.drawAbove(0.3));
    expect(draws.every((draw) => draw > 0.3 && draw < 0.7)).toBe(true); // Beta(401, 400): 11 deviations on either side
  });
});
