import { invariant, rngFromNumber, type Rng } from '@vitrine/kernel';
import { glrThreshold } from '../../numeric/bernoulli-glr';
import { anArm, aPoint, aReward, aTrial, foldAll } from '../../fixtures';
import type { ArmModel, Policy } from '../../policy';
import { createPolicy } from '../policy-registry';
import { describeChange } from './change-point-thompson.policy';

const BUCKET = 1000;
const BUCKETS = 40;
const SHAPE = { windowMs: BUCKETS * BUCKET, buckets: BUCKETS };

function built(params: Record<string, unknown> = {}): Policy {
  const policy = createPolicy({ name: 'change-point-thompson', params: { ...SHAPE, ...params } }, 0);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly trials: number;
  readonly rate: number;
}

/** Trials in every bucket of a stretch with exactly this share of rewards. */
function stretchOf({ from, to, trials, rate }: Stretch): ReturnType<typeof aTrial>[] {
  return Array.from({ length: (to - from) * trials }, (_, i) =>
    aTrial({ at: (from + Math.floor(i / trials)) * BUCKET, reward: i % trials < rate * trials ? 1 : 0 }),
  );
}

const modelOf = (policy: Policy, id: string, stretches: readonly Stretch[]): ArmModel =>
  policy.derive(anArm(id), foldAll(policy.family, stretches.flatMap(stretchOf)));

function decide(policy: Policy, models: readonly ArmModel[], at: number): Float64Array {
  const out = new Float64Array(models.length);
  policy.distribution(models, aPoint(undefined, { at, pool: policy.pool?.derive(models, null) ?? null }), out);
  return out;
}

/** beta-thompson with an even share mixed in. */
function betaWithShare(statistics: readonly (readonly [number, number])[], share: number): unknown[] {
  const policy = createPolicy({ name: 'beta-thompson', params: {} }, 0);
  invariant(policy.ok, 'the policy builds');
  const models = statistics.map(([trials, rewards]) => policy.value.derive(anArm('b'), Float64Array.of(trials, rewards, rewards)));
  const out = new Float64Array(models.length);
  policy.value.distribution(models, aPoint(), out);
  return [...out].map((p) => expect.closeTo((1 - share) * p + share / models.length, 12));
}

const NOW = 25 * BUCKET;
const CHANGED = [
  { from: 0, to: 12, trials: 20, rate: 0.2 },
  { from: 12, to: 25, trials: 20, rate: 0.7 },
];
const STEADY = [{ from: 0, to: 25, trials: 20, rate: 0.5 }];

describe('describeChange', () => {
  const policy = built();

  it('says since when the rate is another one, and how surely', () => {
    // 24 settled buckets: 240 trials with 48 rewards, then 240 with 168; together 480 with 216.
    const entropy = (p: number): number => p * Math.log(p) + (1 - p) * Math.log(1 - p);
    expect(describeChange(modelOf(policy, 'a', CHANGED))).toEqual({
      changedAt: 12 * BUCKET,
      statistic: expect.closeTo(240 * entropy(0.2) + 240 * entropy(0.7) - 480 * entropy(0.45), 9),
      threshold: glrThreshold(480, 0.05),
    });
  });

  it('has nothing to say of a steady rate, of little data and of none', () => {
    expect(describeChange(modelOf(policy, 'a', STEADY))).toBeNull();
    expect(describeChange(modelOf(policy, 'a', [{ from: 0, to: 2, trials: 2, rate: 0.5 }]))).toBeNull();
    expect(describeChange(policy.derive(anArm('a'), null))).toBeNull();
    expect(() => describeChange({})).toThrow('own models');
  });

  it('finds the last of several changes', () => {
    const model = modelOf(policy, 'a', [...CHANGED, { from: 25, to: 35, trials: 20, rate: 0.1 }]);
    expect(describeChange(model)).toMatchObject({ changedAt: 25 * BUCKET });
    const shadowed = [
      { from: 0, to: 12, trials: 20, rate: 0.9 },
      { from: 12, to: 25, trials: 20, rate: 0.1 },
      { from: 25, to: 35, trials: 20, rate: 0.35 }, // a smaller change than the one before
    ];
    expect(describeChange(modelOf(policy, 'a', shadowed))).toMatchObject({
      changedAt: 25 * BUCKET,
      threshold: glrThreshold(22 * 20, 0.05),
    });
  });

  it('waits for rewards on their way: the newest bucket is not looked at', () => {
    const pending = [
      { from: 0, to: 12, trials: 50, rate: 0.8 },
      { from: 12, to: 13, trials: 50, rate: 0 },
    ];
    expect(describeChange(modelOf(policy, 'a', pending))).toBeNull();
    expect(describeChange(modelOf(policy, 'a', [...pending, { from: 13, to: 14, trials: 1, rate: 0 }]))).not.toBeNull();
  });

  it('takes the alarm back when the entries that raised it are taken out', () => {
    const entries = CHANGED.flatMap(stretchOf);
    const statistics = foldAll(policy.family, entries);
    invariant('unfold' in policy.family && typeof policy.family.unfold === 'function', 'the family un-folds');
    for (const entry of entries.filter(({ at }) => at >= 12 * BUCKET)) policy.family.unfold(statistics, entry);
    expect(describeChange(policy.derive(anArm('a'), statistics))).toBeNull();
  });

  it('scales rewards as the posterior does, and counts corrections with their trials', () => {
    const scaled = built({ rewardMin: -1, rewardMax: 3 });
    const entries = CHANGED.flatMap(stretchOf).flatMap((trial) => [
      aTrial({ at: trial.at, reward: -1 }),
      aReward({ at: trial.at, reward: 4 * trial.reward, before: -1 }),
    ]);
    const change = describeChange(scaled.derive(anArm('a'), foldAll(scaled.family, entries)));
    expect(change?.statistic).toBeCloseTo(describeChange(modelOf(policy, 'a', CHANGED))?.statistic ?? Number.NaN, 9);
  });
});

describe('change-point-thompson', () => {
  it('is beta-thompson with a little exploration while nothing changes', () => {
    const policy = built();
    const models = [modelOf(policy, 'a', STEADY), modelOf(policy, 'b', [{ from: 0, to: 25, trials: 10, rate: 0.4 }])];
    expect([...decide(policy, models, NOW)]).toEqual(
      betaWithShare(
        [
          [500, 250],
          [250, 100],
        ],
        0.02,
      ),
    );
  });

  it('counts only data after a change, and explores more until others have been tried', () => {
    const policy = built({ alarmTrials: 130 });
    const models = [modelOf(policy, 'a', CHANGED), modelOf(policy, 'b', STEADY)];
    const share = 0.02 + 0.2 * 2 ** (-(260 + 260) / 130); // trials of both since bucket 12
    expect([...decide(policy, models, NOW)]).toEqual(
      betaWithShare(
        [
          [260, 182],
          [500, 250],
        ],
        share,
      ),
    );
  });

  it('restarts all banners when told to', () => {
    const policy = built({ restart: 'all', alarmExploration: 0, exploration: 0 });
    const models = [modelOf(policy, 'a', CHANGED), modelOf(policy, 'b', STEADY)];
    expect([...decide(policy, models, NOW)]).toEqual(
      betaWithShare(
        [
          [260, 182],
          [260, 130],
        ],
        0,
      ),
    );
  });

  it('forgets what left the window', () => {
    const policy = built();
    const models = [modelOf(policy, 'a', STEADY), modelOf(policy, 'b', STEADY)];
    const later = (BUCKETS + 20) * BUCKET;
    expect([...decide(policy, models, later)]).toEqual(
      betaWithShare(
        [
          [80, 40],
          [80, 40],
        ],
        0.02,
      ),
    );
    expect([...decide(policy, [models[0], policy.derive(anArm('c'), null)], 1e12)]).toEqual([0.5, 0.5].map((p) => expect.closeTo(p, 12)));
  });

  it('keeps shares between 0 and 1 however much it is told to explore', () => {
    const policy = built({ exploration: 1, alarmExploration: 1 });
    expect([...decide(policy, [modelOf(policy, 'a', CHANGED), modelOf(policy, 'b', STEADY)], NOW)]).toEqual([0.5, 0.5]);
  });

  it('refuses models and pools of others, and a range of rewards that is none', () => {
    const policy = built();
    const model = modelOf(policy, 'a', STEADY);
    expect(() => policy.distribution([model], aPoint(), new Float64Array(1))).toThrow('own pool');
    expect(() => decide(policy, [model, {}], NOW)).toThrow('own models');
    expect(createPolicy({ name: 'change-point-thompson', params: { rewardMin: 2 } }, 0)).toMatchObject({
      error: { parameter: 'rewardMax' },
    });
  });
});

const PER_BUCKET = 25;

/** Plays Bernoulli trials bucket by bucket; the bucket before which an alarm is up for the first time, or null. */
function firstAlarm(
  policy: Policy,
  rateOf: (bucket: number) => number,
  { rng, buckets }: { readonly rng: Rng; readonly buckets: number },
): number | null {
  const statistics = new Float64Array(policy.family.length);
  for (let bucket = 0; bucket < buckets; bucket++) {
    for (let i = 0; i < PER_BUCKET; i++)
      policy.family.fold(statistics, aTrial({ at: bucket * BUCKET, reward: rng() < rateOf(bucket) ? 1 : 0 }));
    if (describeChange(policy.derive(anArm('a'), statistics)) !== null) return bucket + 1;
  }
  return null;
}

describe('the detector, in simulation', () => {
  const RUNS = 200;

  /** In how many buckets after a change at bucket 20 the alarm is first up, per run; Infinity where it is not while the window holds the change. */
  function delaysOf(policy: Policy, before: number, after: number): number[] {
    const rng = rngFromNumber(12);
    const change = 20;
    const rateOf = (bucket: number): number => (bucket < change ? before : after);
    return Array.from({ length: RUNS }, () => (firstAlarm(policy, rateOf, { rng, buckets: change + BUCKETS - 5 }) ?? Infinity) - change);
  }

  // 3000 trials each, looked at after every 25, over three lengths of the window. Measured: none at all in 200. If the chance of an alarm
  // were delta = 0.05, at most two would be seen with probability 0.002; if it were 0.002, three or more with probability 0.008.
  it.each([0.02, 0.1, 0.5])('raises false alarms far more rarely than aimed at, for a steady rate of %d', (rate) => {
    const policy = built({ delta: 0.05 });
    const rng = rngFromNumber(11);
    const alarms = Array.from({ length: RUNS }, () => firstAlarm(policy, () => rate, { rng, buckets: 3 * BUCKETS }));
    expect(alarms.filter((alarm) => alarm !== null).length).toBeLessThanOrEqual(2);
  });

  it.each([
    [0.05, 0.2, 12],
    [0.2, 0.05, 12],
    [0.1, 0.5, 4],
  ])('sees a rate of %d become %d within %d buckets of 25 trials, in at least 4 of 5 banners', (before, after, within) => {
    const delays = delaysOf(built(), before, after);
    expect(delays.filter((delay) => delay > 0 && delay <= within).length / RUNS).toBeGreaterThanOrEqual(0.8);
  });

  it('sees a change later when it must be surer', () => {
    const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
    const [rash, sure] = [0.5, 1e-9].map((delta) => median(delaysOf(built({ delta }), 0.1, 0.5)));
    expect(sure).toBeGreaterThan(rash ?? Infinity);
  });
});
