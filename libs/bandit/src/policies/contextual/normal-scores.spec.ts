import { anArm, aPoint } from '../../fixtures';
import type { Policy } from '../../policy';
import { noneFamily } from '../../statistics/none.family';
import { thompsonPolicy, upperBoundPolicy, type NormalScores } from './normal-scores';

/** Scores that are given: a model is its mean and deviation. */
class Given {
  constructor(
    readonly mean: number,
    readonly deviation: number,
  ) {}
}

const given: NormalScores = {
  family: noneFamily,
  dimension: 1,
  derive: () => new Given(0, 1),
  score(arms, _point, into) {
    arms.forEach((model, i) => {
      const { mean, deviation } = model instanceof Given ? model : new Given(Number.NaN, Number.NaN);
      into.means[i] = mean;
      into.deviations[i] = deviation;
    });
  },
};

function sharesOf(policy: Policy, arms: readonly Given[]): number[] {
  const out = new Float64Array(arms.length);
  policy.distribution(arms, aPoint(Float64Array.of(1)), out);
  return [...out];
}

describe('upperBoundPolicy', () => {
  it('is sure of the highest mean + alpha deviation, and shares ties', () => {
    const arms = [new Given(1, 0), new Given(0, 1), new Given(0.5, 0.5)];
    expect(sharesOf(upperBoundPolicy('bound', given, 0.5), arms)).toEqual([1, 0, 0]);
    expect(sharesOf(upperBoundPolicy('bound', given, 2), arms)).toEqual([0, 1, 0]);
    expect(sharesOf(upperBoundPolicy('bound', given, 1), arms)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });
});

describe('thompsonPolicy', () => {
  it('gives the chance that a draw is the largest, with deviations scaled by the width', () => {
    const arms = [new Given(1, 3), new Given(0, 4)];
    // Phi(1 / (width 5)).
    expect(sharesOf(thompsonPolicy('draw', given, 0.2), arms)[0]).toBeCloseTo(0.841344746, 8);
    expect(sharesOf(thompsonPolicy('draw', given, 0.1), arms)[0]).toBeCloseTo(0.977249868, 8);
  });
});

describe('policies on normal scores', () => {
  const policy = upperBoundPolicy('bound', given, 1);

  it('take over what the scores are learned by', () => {
    expect(policy).toMatchObject({ name: 'bound', contextual: true, deterministic: true, dimension: 1, family: noneFamily });
    expect(['pool' in policy, 'follow' in policy]).toEqual([false, false]);
    const followed: unknown[] = [];
    const pool = { heavy: true, derive: () => 'shared' };
    const whole = thompsonPolicy('draw', { ...given, pool, follow: (...entry) => followed.push(entry) }, 1);
    expect([whole.deterministic, whole.pool]).toEqual([false, pool]);
    whole.follow?.('model', Float64Array.of(1), {
      kind: 'TRIAL',
      context: Float64Array.of(1),
      reward: 0,
      before: 0,
      propensity: 1,
      at: 0,
      key: 0,
    });
    expect(followed).toHaveLength(1);
    expect(policy.derive(anArm('a'), null)).toEqual(new Given(0, 1));
  });

  it('refuse an empty set, a result of the wrong size and a context of another dimension', () => {
    expect(() => sharesOf(policy, [])).toThrow('one probability per eligible banner');
    expect(() => policy.distribution([new Given(0, 1)], aPoint(Float64Array.of(1)), new Float64Array(2))).toThrow(
      'one probability per eligible banner',
    );
    expect(() => policy.distribution([new Given(0, 1)], aPoint(Float64Array.of(1, 2)), new Float64Array(1))).toThrow(
      'dimension of the policy',
    );
  });
});
