import { bannerId, rngFromNumber } from '@vitrine/kernel';
import type { Arrivals } from './arrivals';
import { drawResamples, estimateEffect, valueOfPlay } from './effect-estimate';
import { blockRange, sumPlay, type PlaySums } from './effect-sums';
import type { Visit } from './visitor-world';

/** Visitor 1 comes first, with two visits; visitor 0 second, with one. */
const ARRIVALS: Arrivals = {
  order: Int32Array.of(1, 0),
  visitor: Int32Array.of(1, 1, 0),
  visit: Int32Array.of(0, 1, 0),
  visitsBefore: Int32Array.of(0, 1, 0),
  visitsOf: Int32Array.of(2, 2, 1),
  visitorsBefore: Int32Array.of(0, 0, 1),
};
const visit = (reward: number, propensity: number): Visit => ({ eligible: [bannerId('a')], shown: 0, reward, propensity, situation: {} });
const VISITS = [visit(1, 0.5), visit(0, 0.25), visit(1, 0.2)];

const sumsOf = (onArrival: readonly number[], probability: readonly number[]): PlaySums =>
  sumPlay(
    {
      arrivals: ARRIVALS,
      visits: VISITS,
      played: { onArrival: Float64Array.from(onArrival), probability: Float64Array.from(probability) },
    },
    2,
  );

describe('the sums of a play', () => {
  const sums = sumsOf([0.5, 0.3, 0.1], [0.5, 0.8, 0.4]);

  it('count each visit of a visitor as the first one with the same chance', () => {
    // 0.5 / 0.5 / 2 and 0.3 / 0.25 / 2 for visitor 1, 0.1 / 0.2 for visitor 0; only the second visit earned nothing.
    expect([...sums.firstVisit.denominator]).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5 + 0.6, 12)]);
    expect([...sums.firstVisit.numerator]).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12)]);
    expect(valueOfPlay(sums, 'firstVisit')).toBeCloseTo(1 / 1.6, 12);
  });

  it('count all visits as they were played', () => {
    expect([...sums.allVisits.denominator]).toEqual([expect.closeTo(2, 12), expect.closeTo(1 + 3.2, 12)]);
    expect(valueOfPlay(sums, 'allVisits')).toBeCloseTo(3 / 6.2, 12);
    expect(sums.firstThreeVisits).toEqual(sums.allVisits); // nobody came more than three times
  });

  it('leave what comes after the third visit out of the first three', () => {
    const later = { ...ARRIVALS, visitsBefore: Int32Array.of(2, 3, 0) };
    const played = { onArrival: new Float64Array(3).fill(1), probability: Float64Array.of(0.5, 0.8, 0.4) };
    expect(sumPlay({ arrivals: later, visits: VISITS, played }, 2).firstThreeVisits.denominator[1]).toBeCloseTo(1, 12);
  });

  it('put visitors into blocks by arrival', () => {
    expect([...sums.block]).toEqual([1, 0]);
    const ranges = Array.from({ length: 8 }, (_, block) => blockRange(block, { visitors: 587, blocks: 8 }));
    const blocks = Array.from({ length: 587 }, (_, arrived) => Math.floor((arrived * 8) / 587));
    expect(ranges).toEqual(ranges.map((_, block) => [blocks.indexOf(block), blocks.lastIndexOf(block) + 1]));
  });
});

describe('the estimate of an effect', () => {
  const options = { measure: 'firstVisit', blocks: 2 } as const;
  const without = sumsOf([0.5, 0.3, 0.1], [0.5, 0.8, 0.4]);
  const better = sumsOf([0.9, 0.1, 0.2], [0.5, 0.8, 0.4]);

  it('is the difference of both ratios over all plays, overall and by block, as by hand', () => {
    const once = [{ visitors: Uint16Array.of(1, 1), plays: Uint16Array.of(1, 1) }];
    const { overall, blocks } = estimateEffect({ with: [better, without], without: [without, without] }, options, once);
    // better: visitor 1 earns 0.9 of 0.9 + 0.2, visitor 0 earns 1 of 1; without: 0.5 of 1.1 and 0.5 of 0.5.
    expect(overall.with).toBeCloseTo((0.9 + 1 + 1) / (1.1 + 1 + 1.6), 12);
    expect(overall.without).toBeCloseTo(1 / 1.6, 12);
    expect(overall.difference).toBeCloseTo(overall.with - overall.without, 12);
    expect(blocks.map(({ difference }) => difference)).toEqual([expect.closeTo(1.4 / 2.2 - 1 / 2.2, 12), expect.closeTo(0, 12)]);
    expect([overall.low, overall.high]).toEqual([overall.difference, overall.difference]); // of one resample that draws all
  });

  it('draws visitors and plays with both of their arms', () => {
    const resample = { visitors: Uint16Array.of(1, 2), plays: Uint16Array.of(2, 0) };
    const { overall } = estimateEffect({ with: [better, without], without: [without, without] }, options, [resample]);
    const drawn = (1 + 2 * 0.9) / (1 + 2 * 1.1) - (0.5 + 2 * 0.5) / (0.5 + 2 * 1.1);
    expect([overall.low, overall.high]).toEqual([expect.closeTo(drawn, 12), expect.closeTo(drawn, 12)]);
    // In the same orders the other play, in which both arms are alike, counts as much.
    const people = (1 + 2 * 0.9 + 0.5 + 2 * 0.5) / (1 + 2 * 1.1 + 0.5 + 2 * 1.1) - (0.5 + 2 * 0.5) / (0.5 + 2 * 1.1);
    expect(overall.sameOrders).toEqual({ low: expect.closeTo(people, 12), high: expect.closeTo(people, 12) });
  });

  it('has an interval that is as wide as differences of that many people scatter', () => {
    // One play, 400 visitors, each 1 or 0 better with the same chance: the standard error is 0.5 / 20.
    const rng = rngFromNumber(11);
    const ones = new Float64Array(400).fill(1);
    const gains = Float64Array.from(ones, () => (rng() < 0.5 ? 1 : 0));
    const play = (numerator: Float64Array): PlaySums => {
      const sums = { numerator, denominator: ones };
      return { firstVisit: sums, firstThreeVisits: sums, allVisits: sums, block: new Int32Array(400) };
    };
    const resamples = drawResamples({ visitors: 400, plays: 1, resamples: 2_000 }, rng);
    const { overall } = estimateEffect(
      { with: [play(gains)], without: [play(new Float64Array(400))] },
      { ...options, blocks: 1 },
      resamples,
    );
    expect(overall.high - overall.low).toBeCloseTo(2 * 1.96 * 0.025, 2);
    expect((overall.low + overall.high) / 2).toBeCloseTo(overall.difference, 2);
  });

  it('is refused where an arm could have shown nothing of what was shown', () => {
    const nothing = sumsOf([0, 0, 0], [0, 0, 0]);
    const once = [{ visitors: Uint16Array.of(1, 1), plays: Uint16Array.of(1) }];
    expect(() => estimateEffect({ with: [nothing], without: [without] }, options, once)).toThrow(
      expect.objectContaining({ code: 'TOO_FEW_ROWS' }),
    );
  });
});
