import { createPolicy, mixFloor, OnlineLearner, type Policy } from '@vitrine/bandit';
import { invariant, rngFromNumber } from '@vitrine/kernel';
import { drawArrivals } from './arrivals';
import { VisitorContexts } from './visitor-contexts';
import { plantedWorld } from './visitor-world.fixture';
import { VisitorPlay } from './visitor-play';
import type { Visit, Visitor, VisitorWorld } from './visitor-world';

const WORLD = plantedWorld({ visitors: 12, visits: 5, likedBy: 'GROUP', seed: 2 });
const ARRIVALS = drawArrivals(WORLD, 3);
const FLOOR = 0.1;
const contexts = new VisitorContexts(WORLD, 'situation-and-traits');

function linear(): Policy {
  const policy = createPolicy({ name: 'linear-thompson', params: {} }, contexts.dimension(null));
  invariant(policy.ok, 'a policy of that name');
  return policy.value;
}

function visitsIn({ visitors }: VisitorWorld): readonly Visit[] {
  return Array.from(ARRIVALS.visitor, (who, round) => {
    const visit = visitors[who]?.visits[ARRIVALS.visit[round] ?? 0];
    invariant(visit !== undefined, 'arrivals name visits of the world');
    return visit;
  });
}

function played(world: VisitorWorld, step = 1_000): VisitorPlay {
  const visits = visitsIn(world);
  const vectors = contexts.of(visits, ARRIVALS, null);
  const play = new VisitorPlay({ policy: linear(), arrivals: ARRIVALS, visits, contexts: vectors, floor: FLOOR, rng: rngFromNumber(8) });
  while (play.played < play.rounds) play.advance(step);
  return play;
}

/** The same world with the answers of one visitor turned round. */
const contrary = (who: number): VisitorWorld => ({
  ...WORLD,
  visitors: WORLD.visitors.map((visitor, each): Visitor => {
    if (each !== who) return visitor;
    return { ...visitor, visits: visitor.visits.map((visit) => ({ ...visit, reward: 1 - visit.reward })) };
  }),
});

describe('a play of visitors', () => {
  const play = played(WORLD);

  it('learns exactly where its draw equals the log, and decides by what it learned so far', () => {
    const visits = visitsIn(WORLD);
    const vectors = contexts.of(visits, ARRIVALS, null);
    const learner = new OnlineLearner(linear());
    const rng = rngFromNumber(8);
    let matches = 0;
    visits.forEach(({ eligible, shown, reward }, round) => {
      const context = vectors[round] ?? new Float64Array(0);
      const out = new Float64Array(eligible.length);
      learner.distribution(eligible, { context, at: 0 }, out);
      mixFloor(out, FLOOR);
      const [first = 0, second = 0] = out;
      expect(play.probability[round]).toBeCloseTo(out[shown] ?? Number.NaN, 9);
      const u = rng();
      const drawn = u < first ? 0 : u < first + second ? 1 : 2;
      const banner = eligible[shown];
      if (drawn !== shown || banner === undefined) return;
      matches++;
      learner.observe(banner, { kind: 'TRIAL', context, reward, before: 0, propensity: out[shown] ?? 0, at: 0, key: round });
    });
    expect(play.matches).toBe(matches);
    expect(matches).toBeGreaterThan(10);
  });

  it('judges every visit of a visitor as a first one by a policy that learned nothing of that visitor', () => {
    const round = 5 * 6; // the first of the seventh visitor
    const changed = played(contrary(ARRIVALS.visitor[round] ?? 0));
    expect(changed.onArrival.slice(0, round + 5)).toEqual(play.onArrival.slice(0, round + 5));
    expect(changed.probability.slice(round + 1, round + 5)).not.toEqual(play.probability.slice(round + 1, round + 5));
    expect(changed.onArrival.slice(round + 5)).not.toEqual(play.onArrival.slice(round + 5));
  });

  it('judges the visit that is played first alike both ways', () => {
    for (let round = 0; round < play.rounds; round += 5) expect(play.onArrival[round]).toBe(play.probability[round]);
  });

  it('does not depend on how many rounds it is asked to play at once', () => {
    const piecewise = played(WORLD, 3);
    expect([piecewise.onArrival, piecewise.probability]).toEqual([play.onArrival, play.probability]);
  });
});
