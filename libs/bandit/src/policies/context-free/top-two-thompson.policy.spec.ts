import { rngFromNumber, type Rng } from '@vitrine/kernel';
import { anArm, aPoint } from '../../fixtures';
import { aContextFreePolicy, sharesOf } from './context-free.fixture';

const { log, max, sqrt } = Math; // globals cost a lookup through Jest's sandbox on every use

/** A gamma variate of a small whole shape: minus the logarithm of a product of uniforms. */
function gammaDraw(shape: number, rng: Rng): number {
  let product = 1;
  for (let i = 0; i < shape; i++) product *= 1 - rng();
  return -log(product);
}

function betaDraw(a: number, b: number, rng: Rng): number {
  const successes = gammaDraw(a, rng);
  return successes / (successes + gammaDraw(b, rng));
}

function winner(shapes: readonly (readonly [number, number])[], rng: Rng): number {
  let [best, first] = [-1, 0];
  shapes.forEach(([a, b], i) => {
    const draw = betaDraw(a, b, rng);
    if (draw > best) [best, first] = [draw, i];
  });
  return first;
}

describe('top-two-thompson', () => {
  it('is Thompson sampling when the leader takes all, and everything for a lone banner', () => {
    const statistics = [
      [40, 4],
      [60, 9],
      [30, 1],
    ];
    const all = aContextFreePolicy('top-two-thompson', { leaderShare: 1 });
    expect(sharesOf(all, statistics)).toEqual(sharesOf(aContextFreePolicy('beta-thompson'), statistics));
    expect(sharesOf(aContextFreePolicy('top-two-thompson', { leaderShare: 0 }), [[40, 4]])).toEqual([1]);
  });

  it('gives each banner a_i (s + (1 - s) sum_{j != i} a_j / (1 - a_j))', () => {
    const statistics = [[40, 4], [60, 9], [30, 1], null];
    const wins = sharesOf(aContextFreePolicy('beta-thompson', { beta: 9 }), statistics);
    const shares = sharesOf(aContextFreePolicy('top-two-thompson', { beta: 9, leaderShare: 0.3 }), statistics);
    wins.forEach((win, i) => {
      const odds = wins.reduce((sum, other, j) => sum + (j === i ? 0 : other / (1 - other)), 0);
      expect(shares[i]).toBeCloseTo(win * (0.3 + 0.7 * odds), 12);
    });
  });

  it.each([
    [
      [
        [30, 6],
        [30, 3],
        [12, 1],
      ],
    ], // an open race
    [
      [
        [16, 12],
        [14, 3],
        [8, 1],
        [6, 0],
      ],
    ], // a clear leader
  ])('gives the share of rounds that the two draws of the paper give, for %j', (statistics) => {
    // |z| above 5 for one of at most four banners with probability 2.3e-6.
    const shares = sharesOf(aContextFreePolicy('top-two-thompson', { leaderShare: 0.4 }), statistics);
    const shapes = statistics.map(([trials, rewards]) => [1 + (rewards ?? 0), 1 + (trials ?? 0) - (rewards ?? 0)] as const);
    const rng = rngFromNumber(12);
    const rounds = 4000;
    const shown = new Float64Array(shapes.length);
    for (let round = 0; round < rounds; round++) {
      let banner = winner(shapes, rng);
      if (rng() >= 0.4) {
        const first = banner;
        while (banner === first) banner = winner(shapes, rng);
      }
      shown[banner] = (shown[banner] ?? 0) + 1;
    }
    const z = shares.map((p, i) => ((shown[i] ?? 0) - rounds * p) / sqrt(rounds * p * (1 - p)));
    expect(max(...z.map(Math.abs))).toBeLessThan(5);
  });

  it('tells challengers apart where the leader is the best with probability 1 to the last digit', () => {
    // Exact rational arithmetic: the leader loses with probability 7.5e-48, to the fourth in all but 2.8e-9 of those cases.
    const shares = sharesOf(aContextFreePolicy('top-two-thompson'), [
      [398, 299],
      [198, 19],
      [198, 19],
      [398, 99],
    ]);
    expect(shares[0]).toBeCloseTo(0.5, 12);
    expect(shares[3]).toBeCloseTo(0.5, 8);
    expect((shares[1] ?? 0) / (0.5 * 1.408520749913701e-9)).toBeCloseTo(1, 5);
    expect(shares[1]).toBe(shares[2]);
  });

  it('does not jump where a race counts as won', () => {
    const statistics = (successes: number): number[][] => [
      [200, successes],
      [150, 9],
      [90, 5],
    ];
    const [before, at, after] = [31, 31.2, 31.4].map(statistics);
    const leading = [before, after].map((arms) => sharesOf(aContextFreePolicy('beta-thompson'), arms ?? [])[0] ?? 0);
    expect(leading[0]).toBeLessThan(0.99);
    expect(leading[1]).toBeGreaterThan(0.99);
    const shares = [before, at, after].map((arms) => sharesOf(aContextFreePolicy('top-two-thompson'), arms ?? []));
    for (const i of [0, 1, 2]) {
      expect(Math.abs((shares[0]?.[i] ?? 0) - 2 * (shares[1]?.[i] ?? 0) + (shares[2]?.[i] ?? 0))).toBeLessThan(1e-4);
    }
  });

  it('refuses a range of rewards that is none, and models of another policy', () => {
    const foreign = aContextFreePolicy('uniform').derive(anArm('b'), null);
    const policy = aContextFreePolicy('top-two-thompson');
    expect(() => policy.distribution([foreign], aPoint(), new Float64Array(1))).toThrow('own models');
    expect(() => aContextFreePolicy('top-two-thompson', { rewardMin: 2 })).toThrow('the policy builds');
  });
});
