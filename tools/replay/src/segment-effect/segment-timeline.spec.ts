import { adjustedRandIndex } from '@vitrine/segment';
import { drawArrivals } from './arrivals';
import { EFFECT_SETTINGS } from './effect-report';
import { segmentTimeline, type SegmentTimeline } from './segment-timeline';
import { trainTraitSegments, type TraitSegments } from './trait-segments';
import { plantedWorld } from './visitor-world.fixture';
import type { Visitor, VisitorWorld } from './visitor-world';

const WORLD = plantedWorld({ visitors: 240, visits: 2, likedBy: 'GROUP', seed: 4 });
const SETTINGS = { ...EFFECT_SETTINGS, trainAfter: [60, 120, 180] };
const ORDER = drawArrivals(WORLD, 1).order;
const timelineOf = (world: VisitorWorld): SegmentTimeline => segmentTimeline(world, ORDER, { settings: SETTINGS, seed: 1 });
const featuresIn = (timeline: SegmentTimeline, from: number, to?: number): Float64Array[] =>
  [...ORDER.slice(from, to)].map((who) => timeline.featuresOf(who));

describe('the segments of a timeline', () => {
  const timeline = timelineOf(WORLD);

  it('are nobody’s before the first training, and one of each visitor’s afterwards, with coordinates that tell people apart', () => {
    expect(featuresIn(timeline, 0, 60).every((features) => features.every((value) => value === 0))).toBe(true);
    const slots = timeline.width - SETTINGS.shownCoordinates;
    for (const features of featuresIn(timeline, 60)) {
      expect([...features.slice(0, slots)].toSorted()).toEqual([...new Array(slots - 1).fill(0), 1]);
      expect(features.slice(slots).every((value) => Math.abs(value) < 4 && Number.isInteger(value * 32))).toBe(true);
    }
    expect(new Set(featuresIn(timeline, 180).map((features) => features.slice(slots).join())).size).toBeGreaterThan(30);
    expect(timeline.models.map(({ people }) => people)).toEqual([60, 120, 180]);
  });

  it('do not change with rewards, with what was shown, nor with anybody who comes after the last training before', () => {
    const late = new Set(ORDER.slice(130));
    const other = plantedWorld({ visitors: 240, visits: 2, likedBy: 'EVERYBODY', seed: 5 });
    const visitors = WORLD.visitors.map(({ traits }, who): Visitor => {
      const stranger = other.visitors[who];
      return { traits: late.has(who) ? (stranger?.traits ?? {}) : traits, visits: stranger?.visits ?? [] };
    });
    const changed = timelineOf({ ...WORLD, visitors });
    const slotsBoth = Math.min(timeline.width, changed.width) - SETTINGS.shownCoordinates;
    const read = (features: Float64Array): number[] => [...features.slice(0, slotsBoth), ...features.slice(-SETTINGS.shownCoordinates)];
    expect(featuresIn(changed, 0, 130).map(read)).toEqual(featuresIn(timeline, 0, 130).map(read));
    expect(featuresIn(changed, 180).map(read)).not.toEqual(featuresIn(timeline, 180).map(read));
  });
});

const idsIn = (model: TraitSegments, people: readonly Visitor[]): string[] => model.place(people).map(({ segmentId }) => segmentId);
const firstOf = (model: TraitSegments, people: readonly Visitor[]): number[] =>
  model.place(people).map(({ embedding }) => (embedding[0] ?? 0) / (model.spreads[0] ?? 1));

describe('a segment model', () => {
  it('finds groups that many traits tell of a little each', () => {
    const truth = Int32Array.from(WORLD.visitors, ({ traits }) => {
      const votes = ['p', 'q', 'r'].map((value) => Object.values(traits).filter((trait) => trait === value).length);
      return votes.indexOf(Math.max(...votes));
    });
    const model = trainTraitSegments({ world: WORLD, people: WORLD.visitors, previous: null, settings: SETTINGS, seed: 1 });
    expect(model.segments).toBe(3);
    expect(
      adjustedRandIndex(
        truth,
        Int32Array.from(idsIn(model, WORLD.visitors), (id) => model.ids.indexOf(id)),
      ),
    ).toBeGreaterThan(0.7);
  });

  it('calls the groups it finds again as the model before it did, and places people where that one did', () => {
    const train = (people: readonly Visitor[], previous: TraitSegments | null) =>
      trainTraitSegments({ world: WORLD, people, previous, settings: SETTINGS, seed: 1 });
    const before = train(WORLD.visitors.slice(0, 160), null);
    const after = train(WORLD.visitors, before);
    expect([before.segments, after.segments, after.ids]).toEqual([3, 3, before.ids]);
    const now = idsIn(after, WORLD.visitors);
    const same = idsIn(before, WORLD.visitors).filter((id, at) => id === now[at]).length;
    expect(same / WORLD.visitors.length).toBeGreaterThan(0.9);
    const places = firstOf(after, WORLD.visitors);
    const product = firstOf(before, WORLD.visitors).reduce((sum, value, at) => sum + value * (places[at] ?? 0), 0);
    expect(after.spreads.slice(0, before.spreads.length)).toEqual(before.spreads.slice(0, after.spreads.length)); // the unit stays
    expect(product / WORLD.visitors.length).toBeGreaterThan(0.8); // both of spread 1: a correlation
  });

  it('takes a newcomer whose traits are not known, or never seen', () => {
    const world = { ...WORLD, traitScales: new Map([['car', ['p', 'q', 'r']]]) };
    const model = trainTraitSegments({ world, people: world.visitors.slice(0, 100), previous: null, settings: SETTINGS, seed: 1 });
    const strangers = [{}, { car: 'spaceship', pet: '' }].map((traits): Visitor => ({ traits, visits: [] }));
    for (const { segmentId, embedding } of model.place(strangers)) {
      expect([model.ids.includes(segmentId), embedding.every(Number.isFinite)]).toEqual([true, true]);
    }
  });

  it('reads an ordered trait as a number: neighbours lie nearer to each other than the ends', () => {
    const scale = ['never', 'seldom', 'often', 'daily'];
    const people = Array.from({ length: 40 }, (_, i): Visitor => ({ traits: { bar: scale[i % 4] ?? '' }, visits: [] }));
    const world = {
      visitors: people,
      situationValues: new Map(),
      traitValues: new Map([['bar', scale]]),
      traitScales: new Map([['bar', scale]]),
    };
    const model = trainTraitSegments({ world, people, previous: null, settings: SETTINGS, seed: 1 });
    const [never = 0, seldom = 0, often = 0, daily = 0] = firstOf(model, people.slice(0, 4));
    expect([seldom - never, often - seldom, daily - often].map(Math.sign)).toEqual(new Array(3).fill(Math.sign(daily - never)));
    expect(often - seldom).toBeCloseTo(seldom - never, 12);
  });
});
