import { invariant } from '@vitrine/kernel';
import { anArm, aPoint, aReward, aTrial, foldAll } from '../../fixtures';
import type { Policy } from '../../policy';
import type { Observation } from '../../statistics/statistics-family';
import { createPolicy } from '../policy-registry';

const H = 1000;

function built(name: string, params: Record<string, unknown>): Policy {
  const policy = createPolicy({ name, params }, 0);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

/** What one banner went through: [time, reward] per trial. */
type History = readonly (readonly [number, number])[];

const trialsOf = (history: History): Observation[] => history.map(([at, reward]) => aTrial({ at, reward }));

function distributionAt(policy: Policy, histories: readonly (History | null)[], at: number): number[] {
  const models = histories.map((history, i) =>
    policy.derive(anArm(`b${i}`), history === null ? null : foldAll(policy.family, trialsOf(history))),
  );
  const out = new Float64Array(models.length);
  policy.distribution(models, aPoint(undefined, { at }), out);
  return [...out];
}

const repeated = (count: number, at: number, reward: number): History => Array.from({ length: count }, () => [at, reward] as const);

describe('discounted-ucb', () => {
  // At 2 H: the first banner has N = 8 / 4 + 4 = 6 and mean (8 / 4 + 0) / 6, the second N = 4 and mean 1/2; n = 10. With B = 1 the bounds are
  // 1/3 + 2 sqrt(xi ln 10 / 6) and 1/2 + 2 sqrt(xi ln 10 / 4): the second is higher for every xi.
  const first = [...repeated(8, 0, 1), ...repeated(4, 2 * H, 0)];
  const second = [...repeated(2, 2 * H, 1), ...repeated(2, 2 * H, 0)];

  it('takes the highest discounted mean plus radius', () => {
    expect(distributionAt(built('discounted-ucb', { halfLifeMs: H, xi: 0 }), [first, second], 2 * H)).toEqual([0, 1]);
    expect(distributionAt(built('discounted-ucb', { halfLifeMs: H }), [first, second], 2 * H)).toEqual([0, 1]);
    expect(distributionAt(built('discounted-ucb', { halfLifeMs: 1e6, xi: 0 }), [first, second], 2 * H)).toEqual([1, 0]); // 8 / 12 against 1/2
  });

  it('has a radius of 2 B sqrt(xi ln n / N)', () => {
    // N = 4 and 16 at the same time, n = 20: radii 2 B sqrt(xi ln 20) (1/2 and 1/4). Means 0.25 and 0.75: equal at 2 B sqrt(xi ln 20) = 2.
    const [few, many] = [
      [...repeated(1, 0, 1), ...repeated(3, 0, 0)],
      [...repeated(12, 0, 1), ...repeated(4, 0, 0)],
    ];
    const equal = 1 / Math.log(20);
    for (const rewardBound of [1, 3]) {
      const at = (xi: number): number[] => distributionAt(built('discounted-ucb', { halfLifeMs: H, xi, rewardBound }), [few, many], 0);
      expect(at((equal / rewardBound ** 2) * 0.999)).toEqual([0, 1]);
      expect(at((equal / rewardBound ** 2) * 1.001)).toEqual([1, 0]);
    }
  });

  it('comes to the banner it knows least of when nobody came for long', () => {
    const policy = built('discounted-ucb', { halfLifeMs: H });
    expect(distributionAt(policy, [repeated(40, 0, 1), repeated(20, 0, 1)], 10 * H)).toEqual([0, 1]); // 0.06 trials in all
  });

  it('explores what it has forgotten, first of all what it knows nothing of', () => {
    const policy = built('discounted-ucb', { halfLifeMs: H });
    expect(distributionAt(policy, [repeated(9, 0, 1), repeated(8, 0, 1), null], 0)).toEqual([0, 0, 1]);
    expect(distributionAt(policy, [repeated(90, 0, 1), repeated(90, 20 * H, 0)], 20 * H)).toEqual([1, 0]); // 90 trials weigh 9e-5
    expect(distributionAt(policy, [repeated(9, 0, 1), repeated(8, 0, 0), null], 1e9)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });
});

describe('sliding-window-ucb', () => {
  const window = { windowMs: 4 * H, buckets: 4 };

  it('has a radius of B sqrt(xi ln n / N), n and N in the window', () => {
    // As above, with half the radius; what is older than the window is noise that must not count.
    const noise = repeated(50, 0, 0.5);
    const now = 5 * H;
    const few = [...noise, ...repeated(1, now, 1), ...repeated(3, now, 0)];
    const many = [...noise, ...repeated(12, 2 * H, 1), ...repeated(4, now, 0)];
    const equal = 4 / Math.log(20);
    for (const rewardBound of [1, 3]) {
      const at = (xi: number): number[] => distributionAt(built('sliding-window-ucb', { ...window, xi, rewardBound }), [few, many], now);
      expect(at((equal / rewardBound ** 2) * 0.999)).toEqual([0, 1]);
      expect(at((equal / rewardBound ** 2) * 1.001)).toEqual([1, 0]);
    }
  });

  it('comes back to a banner of which nothing is left in the window', () => {
    const policy = built('sliding-window-ucb', window);
    expect(distributionAt(policy, [repeated(9, 0, 1), repeated(9, 3 * H, 1)], 3 * H)).toEqual([0.5, 0.5]);
    expect(distributionAt(policy, [repeated(9, 0, 1), repeated(9, 3 * H, 1)], 4 * H)).toEqual([1, 0]);
  });
});

describe('Thompson sampling that forgets', () => {
  const counted = (statistics: readonly (readonly [number, number])[]): number[] => {
    const policy = built('beta-thompson', {});
    const models = statistics.map(([trials, rewards], i) => policy.derive(anArm(`b${i}`), Float64Array.of(trials, rewards, rewards)));
    const out = new Float64Array(models.length);
    policy.distribution(models, aPoint(), out);
    return [...out];
  };

  it('is beta-thompson on discounted counts', () => {
    const policy = built('discounted-thompson', { halfLifeMs: H });
    const p = distributionAt(
      policy,
      [
        [...repeated(12, 0, 1), ...repeated(4, 2 * H, 0)],
        [...repeated(6, H, 1), ...repeated(10, 2 * H, 0)],
      ],
      3 * H,
    );
    expect(p).toEqual(
      counted([
        [12 / 8 + 4 / 2, 12 / 8],
        [6 / 4 + 10 / 2, 6 / 4],
      ]).map((share) => expect.closeTo(share, 12)),
    );
  });

  it('is beta-thompson on the counts of the window', () => {
    const policy = built('sliding-window-thompson', { windowMs: 4 * H, buckets: 4 });
    const p = distributionAt(
      policy,
      [
        [...repeated(30, 0, 1), ...repeated(4, 2 * H, 0)],
        [...repeated(6, H, 1), ...repeated(10, 4 * H, 0)],
      ],
      4 * H,
    );
    expect(p).toEqual(
      counted([
        [4, 0],
        [16, 6],
      ]).map((share) => expect.closeTo(share, 12)),
    );
  });

  it.each(['discounted-thompson', 'sliding-window-thompson'])('%s returns to its prior when nothing counts any more', (name) => {
    const p = distributionAt(built(name, {}), [repeated(900, 0, 1), repeated(900, 0, 0), null], 1e13);
    expect(p).toEqual([1 / 3, 1 / 3, 1 / 3].map((share) => expect.closeTo(share, 12)));
  });

  it.each(['discounted-thompson', 'sliding-window-thompson'])(
    '%s decides by the time of the decision, in whatever order it is asked',
    (name) => {
      const policy = built(name, { [name.startsWith('d') ? 'halfLifeMs' : 'windowMs']: 4 * H });
      const models = [repeated(40, 0, 1), [...repeated(40, 2 * H, 1), ...repeated(20, 2 * H, 0)]].map((history, i) =>
        policy.derive(anArm(`b${i}`), foldAll(policy.family, trialsOf(history))),
      );
      const at = (time: number): number[] => {
        const out = new Float64Array(2);
        policy.distribution(models, aPoint(undefined, { at: time }), out);
        return [...out];
      };
      const [early, late] = [at(2 * H), at(30 * H)];
      expect(late).not.toEqual(early);
      expect(at(2 * H)).toEqual(early);
      expect(at(30 * H)).toEqual(late);
    },
  );

  it.each(['discounted-thompson', 'sliding-window-thompson'])('%s refuses a range of rewards that is none', (name) => {
    expect(createPolicy({ name, params: { rewardMin: 1 } }, 0)).toMatchObject({ ok: false, error: { parameter: 'rewardMax' } });
  });
});

describe.each(['discounted-ucb', 'sliding-window-ucb', 'discounted-thompson', 'sliding-window-thompson'])('%s', (name) => {
  const policy = built(name, {});
  const { family } = policy;

  it('survives crumbs of un-folding, rewards beyond its range and huge ones', () => {
    invariant('unfold' in family && typeof family.unfold === 'function', 'the family un-folds');
    const emptied = foldAll(family, [aTrial({ reward: 0.1 }), aReward({ reward: 0.2, before: 0.1 }), aTrial({ reward: 0.7 })]);
    for (const entry of [aTrial({ reward: 0.7 }), aTrial({ reward: 0.1 }), aReward({ reward: 0.2, before: 0.1 })])
      family.unfold(emptied, entry);
    const wild = foldAll(family, [aTrial({ reward: 1e300 }), aTrial({ reward: -1e9 })]);
    for (const statistics of [emptied, wild]) {
      const out = new Float64Array(3);
      policy.distribution(
        [statistics, null, emptied].map((numbers, i) => policy.derive(anArm(`b${i}`), numbers)),
        aPoint(),
        out,
      );
      expect(out.every((share) => share >= 0 && share <= 1)).toBe(true);
      expect(out[0]).toBe(statistics === emptied ? out[1] : out[0]);
    }
  });

  it('keeps nothing of the statistics it derives from', () => {
    const statistics = foldAll(family, trialsOf(repeated(20, 0, 1)));
    const models = [policy.derive(anArm('a'), statistics), policy.derive(anArm('b'), foldAll(family, trialsOf(repeated(10, 0, 0))))];
    statistics.fill(0);
    const out = new Float64Array(2);
    policy.distribution(models, aPoint(), out);
    expect(out[0]).toBeGreaterThan(out[1] ?? 1);
  });
});
