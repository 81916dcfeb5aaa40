import { bannerId, invariant, rngFromNumber, SHARED_STATE } from '@vitrine/kernel';
import { aReward, aTrial } from '../../fixtures';
import type { Policy } from '../../policy';
import { LearnedState } from '../../runtime/learned-state';
import { OnlineLearner } from '../../runtime/online-learner';
import { sampleIndex } from '../../selection/sample-index';
import { isMergeable, isUnfoldable } from '../../statistics/statistics-family';
import { createPolicy } from '../policy-registry';
import { describeApprentice, type Apprenticeship } from './apprentice.policy';

const IDS = ['a', 'b', 'c'].map((id) => bannerId(id));
const GREEDY = { name: 'epsilon-greedy', params: { epsilon: 0, priorMean: 0.5, priorTrials: 1 } };
const ORDER = { name: 'fixed-order', params: { order: ['b', 'a'] } };

function built(params: Record<string, unknown>): Policy {
  const policy = createPolicy({ name: 'apprentice', params }, 2);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

/** One trial per round: the banner shown and its reward. */
type Round = readonly [string, number];

function learnedFrom(policy: Policy, rounds: readonly Round[]): OnlineLearner {
  const learner = new OnlineLearner(policy);
  rounds.forEach(([id, reward], i) =>
    learner.observe(bannerId(id), aTrial({ reward, at: i, key: i, context: new Float64Array(policy.dimension) })),
  );
  return learner;
}

const progressOf = (policy: Policy, learner: OnlineLearner): Apprenticeship =>
  describeApprentice(LearnedState.of({ policy, revision: 1, statistics: learner.statistics }).pool());

function decide(learner: OnlineLearner): number[] {
  const out = new Float64Array(IDS.length);
  learner.distribution(IDS, { context: new Float64Array(learner.policy.dimension), at: 0 }, out);
  return [...out];
}

describe('apprentice', () => {
  const policy = built({ policy: GREEDY, baseline: ORDER, minTrials: 4, agreement: 0.6 });

  // Means of the greedy policy with a prior of one trial at 0.5, before each trial. The first trial of each banner says nothing.
  const ROUNDS: readonly Round[] = [
    ['a', 1], // a 0.75 (only a is known)
    ['b', 0], // b 0.25
    ['a', 0], // agrees: a 0.75 against b 0.25; then a 0.5
    ['b', 1], // differs: a 0.5; then b 0.5
    ['a', 0], // half: both 0.5; then a 0.375
    ['b', 1], // agrees: b 0.5; then b 0.625
    ['b', 1], // agrees
  ];

  it('measures, trial by trial, the probability of the banner that was shown', () => {
    const agreements = ROUNDS.map((_, i) => progressOf(policy, learnedFrom(policy, ROUNDS.slice(0, i + 1))));
    expect(agreements).toEqual([
      { trials: 0, agreement: null, live: false },
      { trials: 0, agreement: null, live: false },
      { trials: 1, agreement: 1, live: false },
      { trials: 2, agreement: 0.5, live: false },
      { trials: 3, agreement: 0.5, live: false },
      { trials: 4, agreement: 2.5 / 4, live: true },
      { trials: 4, agreement: 2.5 / 4, live: true },
    ]);
  });

  it('decides as its baseline until it goes live, and by itself from then on', () => {
    expect(decide(learnedFrom(policy, ROUNDS.slice(0, 5)))).toEqual([expect.any(Number), 1, expect.any(Number)]);
    const live = learnedFrom(policy, [...ROUNDS, ['c', 1], ['c', 1], ['c', 1]]);
    expect(decide(live)).toEqual([0, 0, 1]); // c: 3.5 / 4 against b: 3.5 / 5
  });

  it('stays live, however much it differs afterwards', () => {
    const learner = learnedFrom(policy, [...ROUNDS, ...Array.from({ length: 50 }, (): Round => ['a', 0])]);
    expect(progressOf(policy, learner)).toEqual({ trials: 4, agreement: 2.5 / 4, live: true });
  });

  it('waits for as many trials as it was told to, and for agreement', () => {
    const patient = built({ policy: GREEDY, baseline: ORDER, minTrials: 6, agreement: 0.6 });
    expect(progressOf(patient, learnedFrom(patient, ROUNDS))).toMatchObject({ trials: 5, live: false });
    const strict = built({ policy: GREEDY, baseline: ORDER, minTrials: 2, agreement: 0.7 });
    expect(progressOf(strict, learnedFrom(strict, ROUNDS))).toMatchObject({ trials: 5, agreement: 3.5 / 5, live: true });
    const stricter = built({ policy: GREEDY, baseline: ORDER, minTrials: 2, agreement: 0.71 });
    expect(progressOf(stricter, learnedFrom(stricter, ROUNDS))).toMatchObject({ trials: 5, live: false });
  });

  it('knows of no agreement before the first trial', () => {
    const learner = new OnlineLearner(policy);
    expect(progressOf(policy, learner)).toEqual({ trials: 0, agreement: null, live: false });
    expect(decide(learner)[1]).toBe(1);
    const empty = LearnedState.of({ policy, revision: 0, statistics: new Map() });
    expect(describeApprentice(empty.pool())).toEqual({ trials: 0, agreement: null, live: false });
    expect(() => describeApprentice(null)).toThrow('own pool');
  });

  it('compares nothing while only one banner is known', () => {
    expect(
      progressOf(
        policy,
        learnedFrom(policy, [
          ['a', 1],
          ['a', 1],
          ['a', 0],
        ]),
      ).trials,
    ).toBe(0);
  });

  it('learns from corrections without counting them', () => {
    const learner = learnedFrom(policy, ROUNDS.slice(0, 2));
    for (let i = 0; i < 9; i++) learner.observe(bannerId('b'), aReward({ reward: 1, before: i, key: 2 }));
    expect(progressOf(policy, learner)).toEqual({ trials: 0, agreement: null, live: false });
    learner.observe(bannerId('b'), aTrial({ reward: 0, key: 3 }));
    expect(progressOf(policy, learner)).toEqual({ trials: 1, agreement: 1, live: false });
  });

  it('measures one trial in so many', () => {
    const sparing = built({ policy: GREEDY, baseline: ORDER, measureEvery: 3 });
    const learner = learnedFrom(sparing, [...ROUNDS, ...ROUNDS]); // keys 0 .. 13: 3, 6, 9 and 12 are measured
    expect(progressOf(sparing, learner).trials).toBe(4);
  });

  it('says by its type that partial states neither merge nor un-fold', () => {
    expect([isMergeable(policy.family), isUnfoldable(policy.family)]).toEqual([false, false]);
  });

  it('ends the same from a ledger folded in two parts by two processes', () => {
    const rounds = Array.from({ length: 60 }, (_, i): Round => [IDS[(i * 7) % 3] ?? 'a', i % 4 === 0 ? 1 : 0]);
    const whole = learnedFrom(policy, rounds);
    const [before, other] = [
      learnedFrom(policy, rounds.slice(0, 23)),
      built({ policy: GREEDY, baseline: ORDER, minTrials: 4, agreement: 0.6 }),
    ];
    const arms = new Map(Array.from(before.statistics, ([id, numbers]) => [id, numbers.slice()]));
    rounds.slice(23).forEach(([id, reward], i) => {
      const entry = { ...aTrial({ reward, at: 23 + i, key: 23 + i }), bannerId: bannerId(id) };
      other.family.shared?.fold(arms.get(SHARED_STATE) ?? new Float64Array(0), arms, entry);
      const statistics = arms.get(entry.bannerId) ?? new Float64Array(other.family.length);
      arms.set(entry.bannerId, statistics);
      other.family.fold(statistics, entry);
    });
    expect(arms).toEqual(new Map(whole.statistics));
  });

  it('goes live beside a baseline that it can imitate, and keeps learning', () => {
    const thompson = built({
      policy: { name: 'linear-thompson', params: {} },
      baseline: { name: 'gaussian-thompson', params: {} },
      minTrials: 200,
      agreement: 0.6,
    });
    const learner = new OnlineLearner(thompson);
    const rng = rngFromNumber(3);
    const out = new Float64Array(IDS.length);
    const context = Float64Array.of(1, 0);
    for (let i = 0; i < 1500; i++) {
      learner.distribution(IDS, { context, at: i }, out);
      const shown = sampleIndex(out, rng);
      learner.observe(IDS[shown] ?? bannerId('a'), aTrial({ context, reward: rng() < 0.2 + 0.3 * shown ? 1 : 0, at: i, key: i }));
    }
    expect(progressOf(thompson, learner)).toMatchObject({ live: true });
    expect(decide(learner)[2]).toBeGreaterThan(0.3);
  });

  it('is deterministic when one of the two is, and as wide as the wider', () => {
    expect(policy).toMatchObject({ deterministic: true, contextual: false, dimension: 0 });
    expect(built({})).toMatchObject({ deterministic: false });
    expect(built({ policy: { name: 'linear-thompson', params: {} } })).toMatchObject({
      contextual: true,
      dimension: 2,
      deterministic: false,
    });
  });
});
