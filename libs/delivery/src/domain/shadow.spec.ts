import { LearnedState } from '@vitrine/bandit';
import { bannerId } from '@vitrine/kernel';
import { aVersion, placementInputs } from '../fixtures';
import { decidePlacement } from './decide-placement';
import { rederive } from './replay-record';
import { compilePolicy, type ServablePolicy } from './servable-policy';

const LIVE = { name: 'epsilon-greedy', params: { epsilon: 0.4 } };
const WATCHING = { name: 'epsilon-greedy', params: { epsilon: 0 } };
const counts = (id: string, rewards: number) => [bannerId(id), Float64Array.of(10, rewards, rewards)] as const;
const EARNED = new Map([counts('b01', 9), counts('b03', 4)]);

function served(name: string, params: Readonly<Record<string, unknown>>, halves: 1 | 2): ServablePolicy {
  const policy = compilePolicy(aVersion({ policy: { name, params, floor: 0.1 } }));
  const statistics = new Map(
    Array.from(EARNED, ([id, numbers]) => [id, Float64Array.from([numbers, numbers].slice(0, halves).flatMap((half) => [...half]))]),
  );
  return { ...policy, state: LearnedState.of({ policy: policy.policy, revision: 1, statistics }) };
}

describe('a policy that another one watches', () => {
  const watched = served('shadow', { policy: LIVE, shadow: WATCHING }, 2);
  const alone = served(LIVE.name, LIVE.params, 1);

  it('notes what the shadow would have done with the same banners, without the floor', () => {
    const { record } = decidePlacement(placementInputs({ policy: watched }));
    expect(Array.from(record.shadowDistribution ?? [])).toEqual([0, 1, 0, 0, 0]);
    expect(Math.min(...record.distribution)).toBeGreaterThan(0);
    expect(watched.state === null ? null : rederive(record, watched, watched.state).shadow).toEqual(record.shadowDistribution);
  });

  it('shows exactly what it would show alone', () => {
    for (let i = 0; i < 200; i++) {
      const seed = Uint32Array.of(i, 2 * i, 3, 4);
      const both = decidePlacement(placementInputs({ policy: watched, seed })).record;
      const one = decidePlacement(placementInputs({ policy: alone, seed })).record;
      expect([both.slots, both.distribution, both.layer]).toEqual([one.slots, one.distribution, one.layer]);
      expect(one.shadowDistribution).toBeNull();
    }
  });

  it('notes nothing where the policy was not asked', () => {
    expect(decidePlacement(placementInputs({ policy: { ...watched, state: null } })).record.shadowDistribution).toBeNull();
    expect(decidePlacement(placementInputs({ policy: watched, eligibility: { eligible: [], rejected: [] } })).record).toMatchObject({
      shadowDistribution: null,
      selection: 'FIXED',
    });
  });
});
