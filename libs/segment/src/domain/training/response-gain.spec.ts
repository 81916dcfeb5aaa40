import fc from 'fast-check';
import { rngFromNumber } from '@vitrine/kernel';
import { ratesOf, responseGain, type GroupedResponses } from './response-gain';

/** Exactly so many people and responses per group. */
function people(...cells: readonly (readonly [count: number, responses: number])[]): GroupedResponses {
  const rows = cells.flatMap(([count, responses], group) =>
    Array.from({ length: count }, (_, at) => [group, at < responses ? 1 : 0] as const),
  );
  return { labels: Int32Array.from(rows, ([group]) => group), target: Float64Array.from(rows, ([, y]) => y) };
}
const entropy = (p: number): number => -(p * Math.log(p) + (1 - p) * Math.log(1 - p));
const logit = (p: number): number => Math.log(p / (1 - p));

describe('responseGain', () => {
  it('equals the share of the deviance that falls away, worked out by hand', () => {
    // Smoothed by 20 people at the overall rate of 1/4: (10 + 5) / 120 and (40 + 5) / 120. Their mean over the judging people, half in each,
    // is 1/4 as well, so nothing is moved.
    const train = people([100, 10], [100, 40]);
    const judge = people([40, 4], [40, 16]);
    const own = -(4 * Math.log(0.125) + 36 * Math.log(0.875) + 16 * Math.log(0.375) + 24 * Math.log(0.625));
    expect(responseGain(train, judge, 2)).toBeCloseTo(1 - own / (80 * entropy(0.25)), 12);
  });

  it('is 0 where segments say nothing, and above 0 where they do', () => {
    expect(responseGain(people([400, 100], [400, 100]), people([50, 5], [50, 20]), 2)).toBeCloseTo(0, 12);
    expect(responseGain(people([800, 200]), people([50, 20]), 1)).toBeCloseTo(0, 12);
    expect(responseGain(people([400, 40], [400, 160]), people([100, 10], [100, 40]), 2)).toBeGreaterThan(0.05);
  });

  it('is below 0 where what held for some does not hold for others later', () => {
    expect(responseGain(people([400, 40], [400, 160]), people([100, 40], [100, 10]), 2)).toBeLessThan(0);
  });

  it('does not take a change of the rate of all for a fault: what segments predict is moved to the later rate, by the same log-odds', () => {
    const [low, high] = [0.1, 0.4];
    const train = people([100_000, 100_000 * low], [100_000, 100_000 * high]);
    for (const shift of [-1.5, -0.5, 0.7, 1.5]) {
      const later = [low, high].map((p) => 1 / (1 + Math.exp(-logit(p) - shift)));
      const judge = people(...later.map((p) => [10_000, Math.round(10_000 * p)] as const));
      const rates = later.map((p) => Math.round(10_000 * p) / 10_000);
      const overall = rates.reduce((sum, p) => sum + p, 0) / 2;
      const most = 1 - rates.reduce((sum, p) => sum + entropy(p) / 2, 0) / entropy(overall); // what the true rates would explain
      expect(most).toBeGreaterThan(0.03);
      expect(responseGain(train, judge, 2)).toBeCloseTo(most, 4);
    }
  });

  it('never exceeds what the judging people’s own rates explain, and bears groups that are new or empty', () => {
    const cell = fc.integer({ min: 0, max: 40 }).chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 0, max: count })));
    const cells = fc.array(cell, { minLength: 3, maxLength: 3 });
    const both = (side: GroupedResponses): boolean => side.target.includes(0) && side.target.includes(1);
    fc.assert(
      fc.property(cells, cells, (a, b) => {
        const [train, judge] = [people(...a), people(...b)];
        fc.pre(both(train) && both(judge));
        const gain = responseGain(train, judge, 3);
        const total = judge.target.length;
        const overall = judge.target.reduce((sum, y) => sum + y, 0) / total;
        const inside = b.reduce((sum, [count, yes]) => sum + (yes === 0 || yes === count ? 0 : count * entropy(yes / count)), 0);
        expect(Number.isFinite(gain)).toBe(true);
        expect(gain).toBeLessThanOrEqual(1 - inside / (total * entropy(overall)) + 1e-9);
      }),
    );
  });

  it('stays near 0 for groups drawn by chance, though some rates differ by chance', () => {
    const rng = rngFromNumber(5);
    const drawn = (count: number): GroupedResponses => ({
      labels: Int32Array.from({ length: count }, () => Math.floor(rng() * 10)),
      target: Float64Array.from({ length: count }, () => (rng() < 0.2 ? 1 : 0)),
    });
    expect(Math.abs(responseGain(drawn(4_000), drawn(2_000), 10))).toBeLessThan(0.01);
  });

  it('refuses people who all answer alike', () => {
    expect(() => responseGain(people([10, 0]), people([10, 5]), 1)).toThrow('both answers occur');
    expect(() => responseGain(people([10, 5]), people([10, 10]), 1)).toThrow('both answers occur');
  });
});

describe('ratesOf', () => {
  it('gives each group its rate with the interval of Wilson, and nothing of a group without people', () => {
    const [first, second, third] = ratesOf(people([10, 5], [0, 0], [100, 0]), 3);
    expect(first).toMatchObject({ value: 0.5, people: 10 });
    expect(first?.low).toBeCloseTo(0.236593, 6); // Wilson (1927), 5 of 10
    expect(first?.high).toBeCloseTo(0.763407, 6);
    expect(second).toBeNull();
    expect([third?.value, third?.low]).toEqual([0, 0]);
    expect(third?.high).toBeCloseTo(0.036995, 5);
  });
});
