import { anArm, aPoint, aReward, aTrial, foldAll } from '../../fixtures';
import { countsFamily } from '../../statistics/counts.family';
import { aContextFreePolicy, sharesOf } from './context-free.fixture';
import { deriveGaussian, poolNoise } from './gaussian-posterior';

const NO_MEAN = { priorMean: 0, priorTrials: 1 };

describe('gaussian-thompson', () => {
  it('compares normal posteriors with the noise given', () => {
    // Means 12 / (3 + 1) = 3 and 4 / (1 + 1) = 2, variances 4 / 4 and 4 / 2: Phi(1 / sqrt(3)).
    const policy = aContextFreePolicy('gaussian-thompson', { noise: 2, noiseFrom: 'given' });
    const [first, second] = sharesOf(policy, [
      [3, 12, 60],
      [1, 4, 16],
    ]);
    expect(first).toBeCloseTo(0.7181485691746134, 8);
    expect(second).toBeCloseTo(1 - 0.7181485691746134, 8);
  });

  it('learns the noise from the spread within banners, not between them', () => {
    // Rewards 1, 3 and 10, 12, 14: scatters 2 and 8 on 1 + 2 degrees of freedom, and 1 x 0.5^2 on 1: s^2 = 10.25 / 4.
    const pooled = poolNoise(
      [
        [1, 3],
        [10, 12, 14],
      ].map((rewards) =>
        deriveGaussian(
          foldAll(
            countsFamily,
            rewards.map((reward) => aTrial({ reward })),
          ),
          NO_MEAN,
        ),
      ),
      { noise: 0.5, noiseTrials: 1 },
    );
    expect(pooled.deviation ** 2).toBeCloseTo(10.25 / 4, 12);
    const wanted = aContextFreePolicy('gaussian-thompson', { noise: pooled.deviation, noiseFrom: 'given' });
    const statistics = [
      [2, 4, 10],
      [3, 36, 440],
    ];
    expect(sharesOf(aContextFreePolicy('gaussian-thompson'), statistics)).toEqual(sharesOf(wanted, statistics));
  });

  it('learns the same noise from rewards that came late', () => {
    const noise = { noise: 1, noiseTrials: 1 };
    const once = foldAll(countsFamily, [aTrial({ reward: 7 }), aTrial({ reward: 1 })]);
    const late = foldAll(countsFamily, [aTrial({ reward: 2 }), aTrial({ reward: 1 }), aReward({ reward: 5, before: 2 })]);
    expect(poolNoise([deriveGaussian(late, NO_MEAN)], noise)).toEqual(poolNoise([deriveGaussian(once, NO_MEAN)], noise));
  });

  it('scales with the reward: cents and euros get the same shares', () => {
    const shares = (unit: number): number[] =>
      sharesOf(aContextFreePolicy('gaussian-thompson', { noise: unit }), [
        [5, 10 * unit, 30 * unit ** 2],
        [9, 27 * unit, 100 * unit ** 2],
        null,
      ]);
    shares(100).forEach((share, i) => expect(share).toBeCloseTo(shares(1)[i] ?? Number.NaN, 12));
  });

  it('survives rewards beside which the noise is below rounding, and squares that overflow', () => {
    const policy = aContextFreePolicy('gaussian-thompson', { noise: 1e-9, noiseFrom: 'given' });
    expect(
      sharesOf(policy, [
        [9, 1e16, 0],
        [9, 1e16, 0],
        [9, 5, 0],
      ]),
    ).toEqual([0.5, 0.5, 0]);
    const overflown = sharesOf(aContextFreePolicy('gaussian-thompson'), [[9, 1e200, Infinity], [9, 1e150, 1e308], null]);
    expect(overflown.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it('takes a sum of squares that un-folding left below zero for none', () => {
    expect(deriveGaussian(Float64Array.of(3, 1e-9, -1e-12), NO_MEAN).scatter).toBe(0);
    expect(deriveGaussian(Float64Array.of(-1e-16, 1e-16, 1e-16), NO_MEAN)).toMatchObject({ weight: 1, scatter: 0, freedom: 0 });
  });

  it('refuses to decide without the noise of all banners', () => {
    const policy = aContextFreePolicy('gaussian-thompson');
    const model = policy.derive(anArm('b'), null);
    expect(() => policy.distribution([model], aPoint(), new Float64Array(1))).toThrow('own pool');
  });
});
