import { rngFromNumber } from '@vitrine/kernel';
import type { DecisionPoint, Policy } from '../policy';
import type { Observation } from '../statistics/statistics-family';
import { LabelledPlay, type LabelledData } from './labelled-play';

const CONTEXTS = [Float64Array.of(0, 1), Float64Array.of(1, 1), Float64Array.of(2, 1)];
const DATA: LabelledData = { contexts: CONTEXTS, labels: Int32Array.of(0, 1, 2), arms: 3, dimension: 2 };

interface Seen {
  readonly points: { readonly x: number | undefined; readonly at: number }[];
  readonly entries: Observation[];
}

/** Picks the arm that the first feature names, or always the same one; notes what it is shown. */
function spyPolicy(choose: (x: number) => number, contextual = true): { readonly policy: Policy; readonly seen: Seen } {
  const seen: Seen = { points: [], entries: [] };
  const policy: Policy = {
    name: 'spy',
    contextual,
    deterministic: true,
    dimension: contextual ? 2 : 0,
    family: {
      name: 'spy',
      version: 1,
      contextual,
      length: 1,
      fold: (_statistics, observation) => void seen.entries.push({ ...observation, context: observation.context.slice() }),
    },
    derive: () => null,
    distribution(arms, { context, at }: DecisionPoint, out) {
      seen.points.push({ x: context[0], at });
      out.fill(0);
      out[choose(context[0] ?? 0) % arms.length] = 1;
    },
  };
  return { policy, seen };
}

const playOf = (policy: Policy, order: readonly number[], floor = 0): LabelledPlay =>
  new LabelledPlay({ policy, data: DATA, order: Int32Array.from(order), floor, rng: rngFromNumber(1), msPerRound: 1_000 });

describe('playing labelled data', () => {
  it('rewards the label and nothing else', () => {
    const right = playOf(spyPolicy((x) => x).policy, [0, 1, 2, 0]);
    right.advance(10);
    expect([right.played, right.totalReward, right.lastQuarterMeanReward]).toEqual([4, 4, 1]);

    const wrong = playOf(spyPolicy((x) => x + 1).policy, [0, 1, 2, 0]);
    wrong.advance(10);
    expect(wrong.totalReward).toBe(0);
  });

  it('reveals the chosen arm alone, as one trial with its final reward, propensity, round and time', () => {
    const { policy, seen } = spyPolicy(() => 1);
    playOf(policy, [2, 1]).advance(2);
    expect(seen.entries).toEqual([
      { kind: 'TRIAL', context: CONTEXTS[2], reward: 0, before: 0, propensity: 1, at: 0, key: 0 },
      { kind: 'TRIAL', context: CONTEXTS[1], reward: 1, before: 0, propensity: 1, at: 1_000, key: 1 },
    ]);
  });

  it('notes the propensity with the floor', () => {
    const { policy, seen } = spyPolicy(() => 0);
    playOf(policy, Array<number>(300).fill(0), 0.3).advance(300);
    const propensities = new Set(seen.entries.map(({ propensity }) => propensity.toFixed(12)));
    expect([...propensities].toSorted()).toEqual(['0.100000000000', '0.800000000000']);
  });

  it('shows no features to a context-free policy', () => {
    const { policy, seen } = spyPolicy(() => 0, false);
    playOf(policy, [1, 2]).advance(2);
    expect(seen.points).toEqual([
      { x: undefined, at: 0 },
      { x: undefined, at: 1_000 },
    ]);
    expect(seen.entries.every(({ context }) => context.length === 0)).toBe(true);
  });

  it('takes the last quarter from the last floor(rounds / 4) rounds', () => {
    // 11 rounds: the last two count. Row 0 is answered rightly, the others are not.
    const play = playOf(spyPolicy(() => 0).policy, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    play.advance(11);
    expect(play.lastQuarterMeanReward).toBe(0.5);
    const short = playOf(spyPolicy(() => 0).policy, [0, 0, 0]);
    short.advance(3);
    expect(short.lastQuarterMeanReward).toBeNull();
  });

  it('comes to the same in one go and in pieces', () => {
    const order = Array.from({ length: 40 }, (_, i) => i % 3);
    const [whole, pieces] = [playOf(spyPolicy(() => 0).policy, order, 0.5), playOf(spyPolicy(() => 0).policy, order, 0.5)];
    whole.advance(40);
    while (pieces.played < pieces.rounds) pieces.advance(7);
    expect(pieces.totalReward).toBe(whole.totalReward);
  });
});
