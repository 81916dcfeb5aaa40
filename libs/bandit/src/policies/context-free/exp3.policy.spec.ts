import { rngFromNumber } from '@vitrine/kernel';
import { aReward, aTrial, foldAll } from '../../fixtures';
import { sampleIndex } from '../../selection/sample-index';
import { aContextFreePolicy, sharesOf } from './context-free.fixture';

describe('exp3', () => {
  it('shares (1 - gamma) by exp(gamma G / K) and gamma evenly', () => {
    const policy = aContextFreePolicy('exp3', { gamma: 0.2 });
    // Gains 1 / 0.5 + 1 / 0.25 = 6 and 0: weights exp(0.6) and 1.
    const good = foldAll(policy.family, [aTrial({ reward: 1, propensity: 0.5 }), aTrial({ reward: 1, propensity: 0.25 })]);
    const bad = foldAll(policy.family, [aTrial({ reward: 0, propensity: 0.1 })]);
    const [first, second] = sharesOf(policy, [[...good], [...bad]]);
    expect(first).toBeCloseTo(0.1 + (0.8 * Math.exp(0.6)) / (1 + Math.exp(0.6)), 14);
    expect(second).toBeCloseTo(0.1 + 0.8 / (1 + Math.exp(0.6)), 14);
  });

  it('takes gamma from the horizon: sqrt(K ln K / ((e - 1) g))', () => {
    const gamma = Math.sqrt((2 * Math.LN2) / ((Math.E - 1) * 1000));
    const [byHorizon, byGamma] = [{ horizon: 1000 }, { gamma }].map((params) =>
      sharesOf(aContextFreePolicy('exp3', params), [[9, 40, 3], null]),
    );
    expect(byHorizon).toEqual(byGamma);
    expect(sharesOf(aContextFreePolicy('exp3', { horizon: 0.5 }), [[9, 40, 3], null])).toEqual([0.5, 0.5]); // gamma = 1
  });

  it('survives gains whose exponentials do not exist', () => {
    const [first, second] = sharesOf(aContextFreePolicy('exp3', { gamma: 0.5 }), [
      [9, 1e300, 0],
      [9, 1e299, 0],
    ]);
    expect([first, second]).toEqual([0.75, 0.25]);
  });
});

describe('exp3-ix', () => {
  const policy = aContextFreePolicy('exp3-ix', { gamma: 0.05 });

  it('shares by exp(-eta L), eta = sqrt(ln K / (K t)), losses weighted by 1 / (p + gamma)', () => {
    // Losses 1 / 0.25 = 4 and 0.5 / 0.5 = 1 after t = 3 trials of K = 2 banners.
    const worse = foldAll(policy.family, [aTrial({ reward: 0, propensity: 0.2 })]);
    const better = foldAll(policy.family, [aTrial({ reward: 1, propensity: 0.3 }), aTrial({ reward: 0.5, propensity: 0.45 })]);
    const eta = Math.sqrt(Math.LN2 / (2 * 3));
    const [first, second] = sharesOf(policy, [[...worse], [...better]]);
    expect(Math.log((second ?? 0) / (first ?? 1))).toBeCloseTo(3 * eta, 12);
  });

  it('sees a reward that came late like one that came at once', () => {
    const late = foldAll(policy.family, [aTrial({ propensity: 0.2 }), aReward({ reward: 1, propensity: 0.2 })]);
    const once = foldAll(policy.family, [aTrial({ reward: 1, propensity: 0.2 })]);
    expect(sharesOf(policy, [[...late], null])).toEqual(sharesOf(policy, [[...once], null]));
  });

  it('gives a lone banner everything, and forgets the crumbs of un-folding', () => {
    expect(sharesOf(policy, [[9, 40, 300]])).toEqual([1]);
    expect(sharesOf(policy, [[0, 1e-12, -1e-12], null])).toEqual([0.5, 0.5]);
  });
});

it.each(['exp3', 'exp3-ix'])('%s follows an adversary who swaps the banners', (name) => {
  const policy = aContextFreePolicy(name);
  const statistics = [new Float64Array(3), new Float64Array(3)];
  const rng = rngFromNumber(2);
  const play = (rewarded: number, rounds: number): number => {
    let share = 0;
    for (let t = 0; t < rounds; t++) {
      const shares = Float64Array.from(
        sharesOf(
          policy,
          statistics.map((numbers) => [...numbers]),
        ),
      );
      share = shares[rewarded] ?? 0;
      const shown = sampleIndex(shares, rng);
      policy.family.fold(
        statistics[shown] ?? new Float64Array(3),
        aTrial({ reward: shown === rewarded ? 1 : 0, propensity: shares[shown] ?? 0 }),
      );
    }
    return share;
  };
  expect(play(0, 1000)).toBeGreaterThan(0.9);
  expect(play(1, 3000)).toBeGreaterThan(0.9);
});
