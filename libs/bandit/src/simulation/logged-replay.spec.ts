import { bannerId, invariant, rngFromNumber, type BannerId } from '@vitrine/kernel';
import { createPolicy } from '../policies/policy-registry';
import { withoutGroups } from '../runtime/learned-state';
import type { Policy } from '../policy';
import { LoggedReplay, type LoggedDecision } from './logged-replay';

const [A, B, C] = ['a', 'b', 'c'].map(bannerId) as [BannerId, BannerId, BannerId];
const NONE = new Float64Array(0);

function built(name: string, params: Record<string, unknown> = {}): Policy {
  const policy = createPolicy({ name, params }, 0);
  invariant(policy.ok, 'the policy builds');
  return policy.value;
}

const decision = (eligible: readonly BannerId[], shown: BannerId, reward: number): LoggedDecision => ({
  eligible,
  shown: eligible.indexOf(shown),
  reward,
  context: NONE,
  at: 0,
});

function replayOf(policy: Policy, decisions: readonly LoggedDecision[], floor = 0): LoggedReplay {
  const replay = new LoggedReplay({ policy, decisions, identify: withoutGroups, floor, rng: rngFromNumber(5) });
  replay.advance(decisions.length);
  return replay;
}

describe('replaying a log', () => {
  it('matches where the policy draws what was shown', () => {
    const log = [decision([A, B], A, 1), decision([A, B], B, 1), decision([B, C], B, 0), decision([C, A], A, 0)];
    const { matched, probability } = replayOf(built('fixed-order', { order: ['a', 'b', 'c'] }), log);
    expect([...matched]).toEqual([1, 0, 1, 1]);
    expect(Array.from(probability, (p) => Math.round(p))).toEqual([1, 0, 1, 1]);
  });

  it('learns from matches alone', () => {
    // a never earns and is tried first; b earns whenever it is shown, but would be learned of only through a match.
    const greedy = built('epsilon-greedy', { epsilon: 0, priorMean: 0.5, priorTrials: 1 });
    const unseen = replayOf(
      greedy,
      Array<LoggedDecision>(5)
        .fill(decision([A], A, 0))
        .concat(decision([A, B], B, 1)),
    );
    expect([...unseen.matched]).toEqual([1, 1, 1, 1, 1, 1]); // five failures of a: its mean is below the prior of b
    const rejected = replayOf(built('fixed-order', { order: ['a'] }), [decision([A, B], B, 1)]);
    expect([...rejected.matched]).toEqual([0]);
  });

  it('keeps the probability of what was shown, floor included', () => {
    const { probability } = replayOf(built('fixed-order', { order: ['a'] }), [decision([A, B], A, 0), decision([A, B], B, 0)], 0.2);
    expect(probability[0]).toBeCloseTo(0.9, 12);
    expect(probability[1]).toBeCloseTo(0.1, 12);
  });

  it('matches a uniform log as often as the policy would draw alike', () => {
    const rng = rngFromNumber(11);
    const trio = [A, B, C];
    const log = Array.from({ length: 30_000 }, () => decision(trio, trio[Math.floor(3 * rng())] ?? A, 0));
    const { matched } = replayOf(built('uniform'), log);
    const share = matched.reduce((sum, match) => sum + match, 0) / log.length;
    expect(Math.abs(share - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / log.length)); // false alarm: 6e-5
  });

  it('on a uniform log gives the mean reward that the policy earns live', () => {
    // Rates 0.2 and 0.6; a replayed learner must earn what a live one of as many rounds does (Li et al., Theorem 1).
    const pair = [A, B];
    const rates = [0.2, 0.6];
    const rewards: number[] = [];
    for (let run = 0; run < 60; run++) {
      const rng = rngFromNumber(run);
      const log = Array.from({ length: 200 }, () => {
        const shown = rng() < 0.5 ? 0 : 1;
        return { ...decision(pair, pair[shown] ?? A, rng() < (rates[shown] ?? 0) ? 1 : 0) };
      });
      const { matched } = replayOf(built('epsilon-greedy', { epsilon: 0.5 }), log);
      rewards.push(...log.filter((_, i) => matched[i] === 1).map(({ reward }) => reward));
    }
    const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
    // Once b is found: 0.75 * 0.6 + 0.25 * 0.2 = 0.5; finding it takes a few of the hundred matches of a run.
    expect(mean).toBeGreaterThan(0.46);
    expect(mean).toBeLessThan(0.52);
  });
});
