import { drawArrivals, streamOf } from './arrivals';
import { plantedWorld } from './visitor-world.fixture';

const world = plantedWorld({ visitors: 30, visits: 4, likedBy: 'EVERYBODY', seed: 1 });

describe('arrivals', () => {
  it('bring every visitor once, one after the other, with every visit once', () => {
    const { order, visitor, visit, visitsBefore, visitsOf, visitorsBefore } = drawArrivals(world, 5);
    expect([...order].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, who) => who));
    expect([...visitor]).toEqual([...order].flatMap((who) => [who, who, who, who]));
    expect([...visitorsBefore]).toEqual(Array.from({ length: 120 }, (_, round) => Math.floor(round / 4)));
    expect([...visitsBefore]).toEqual(Array.from({ length: 120 }, (_, round) => round % 4));
    expect(new Set(visitsOf)).toEqual(new Set([4]));
    for (let first = 0; first < 120; first += 4) expect([...visit.slice(first, first + 4)].toSorted()).toEqual([0, 1, 2, 3]);
  });

  it('begin with any of the visits', () => {
    const firsts = new Set([...drawArrivals(world, 5).visit].filter((_, round) => round % 4 === 0));
    expect(firsts).toEqual(new Set([0, 1, 2, 3]));
  });

  it('repeat with their seed, and differ from those of another', () => {
    expect(drawArrivals(world, 5)).toEqual(drawArrivals(world, 5));
    expect(drawArrivals(world, 6).order).not.toEqual(drawArrivals(world, 5).order);
  });

  it('are drawn from a stream that the draws of banners do not share, within a seed and across seeds', () => {
    const firsts = [1, 2, 3].flatMap((seed) =>
      (['arrivals', 'draws', 'training', 'resamples'] as const).map((use) => streamOf(seed, use)()),
    );
    expect(new Set(firsts).size).toBe(12);
  });
});
