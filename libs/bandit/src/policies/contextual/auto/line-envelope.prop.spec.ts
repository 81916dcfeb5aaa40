import fc from 'fast-check';
import { envelopeShares } from './line-envelope';
import { gridEnvelope, naiveEnvelope, type NaiveLines } from './naive-envelope.fixture';

const CELLS = 20_000;

function sharesOf({ bases, slopes, low, high }: NaiveLines): number[] {
  const out = new Float64Array(bases.length).fill(Number.NaN);
  envelopeShares({ bases: Float64Array.from(bases), slopes: Float64Array.from(slopes), n: bases.length }, { low, high }, out);
  return [...out];
}

const farthest = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

const interval = fc
  .tuple(fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: 0.01, max: 3, noNaN: true }))
  .map(([low, width]) => ({ low, high: low + width }));
const linesOf = (base: fc.Arbitrary<number>, slope: fc.Arbitrary<number>): fc.Arbitrary<NaiveLines> =>
  fc
    .tuple(fc.array(fc.tuple(base, slope), { minLength: 1, maxLength: 12 }), interval)
    .map(([list, span]) => ({ bases: list.map(([b]) => b), slopes: list.map(([, s]) => s), ...span }));
// On a lattice that doubles hold exactly: many equal lines, parallels and crossings of three or more.
const latticed = linesOf(
  fc.integer({ min: -8, max: 8 }).map((step) => step / 8),
  fc.integer({ min: 0, max: 6 }).map((step) => step / 4),
);
// Slopes differ by 1e-6 or not at all, so that a crossing is well-conditioned: rounding moves it by 1e-10 at most.
const scattered = linesOf(
  fc.integer({ min: -1e6, max: 1e6 }).map((step) => step / 1e6),
  fc.integer({ min: 0, max: 2e6 }).map((step) => step / 1e6),
);
const wellConditioned = fc.oneof(latticed, scattered);
const anyLines = fc.oneof(latticed, linesOf(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true })));

describe('envelopeShares', () => {
  it('gives what every crossing of every pair says', () => {
    fc.assert(
      fc.property(wellConditioned, (lines) => {
        expect(farthest(sharesOf(lines), naiveEnvelope(lines))).toBeLessThan(1e-9);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives what a fine grid says, to the width of its cells', () => {
    fc.assert(
      fc.property(wellConditioned, (lines) => {
        expect(farthest(sharesOf(lines), gridEnvelope(lines, CELLS))).toBeLessThan(2.5 / CELLS);
      }),
      { numRuns: 40 },
    );
  });

  it('sums to 1 within 1e-12, no share below 0', () => {
    fc.assert(
      fc.property(anyLines, (lines) => {
        const shares = sharesOf(lines);
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
        expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1)).toBeLessThan(1e-12);
      }),
    );
  });

  it('gives equal lines the same share to the bit, together what one of them had', () => {
    fc.assert(
      fc.property(anyLines, fc.integer({ min: 1, max: 4 }), fc.nat(), (lines, copies, pick) => {
        const at = pick % lines.bases.length;
        const repeated = (list: readonly number[]): number[] => [...list, ...Array.from({ length: copies }, () => list[at] ?? 0)];
        const shares = sharesOf({ ...lines, bases: repeated(lines.bases), slopes: repeated(lines.slopes) });
        const equal = repeated(lines.bases).flatMap((base, i) =>
          base === lines.bases[at] && repeated(lines.slopes)[i] === lines.slopes[at] ? [shares[i] ?? Number.NaN] : [],
        );
        expect(new Set(equal).size).toBe(1);
        const alone = sharesOf(lines).reduce(
          (sum, share, i) => sum + (lines.bases[i] === lines.bases[at] && lines.slopes[i] === lines.slopes[at] ? share : 0),
          0,
        );
        expect(Math.abs(equal.reduce((sum, share) => sum + share, 0) - alone)).toBeLessThan(1e-12);
      }),
    );
  });

  it('does not look at the order of the lines', () => {
    fc.assert(
      fc.property(anyLines, fc.nat(), (lines, turn) => {
        const turned = (list: readonly number[]): number[] =>
          [...list.slice(turn % list.length), ...list.slice(0, turn % list.length)].reverse();
        const shares = sharesOf({ ...lines, bases: turned(lines.bases), slopes: turned(lines.slopes) });
        expect(farthest(shares, turned(sharesOf(lines)))).toBeLessThan(1e-12);
      }),
    );
  });

  // Heights at 0.4 round to one number, as those of two banners do whose equal trials came in another order.
  it('does not look at the order of parallels that rounding makes meet', () => {
    const lines = { bases: [1, 1 + 2 ** -52], slopes: [1000, 1000], low: 0.4, high: 1.2 };
    expect(sharesOf(lines)).toEqual([0, 1]);
    expect(sharesOf({ ...lines, bases: lines.bases.toReversed() })).toEqual([1, 0]);
  });

  it('does not look at the order of parallels that rounding makes overtake at one point', () => {
    const lines = { bases: [1000, 1, 1 + 2 ** -52], slopes: [0, 2000, 2000], low: 0, high: 1 };
    expect(sharesOf(lines)).toEqual([0.4995, 0, 1 - 0.4995]);
    expect(sharesOf({ ...lines, bases: [1000, 1 + 2 ** -52, 1] })).toEqual([0.4995, 1 - 0.4995, 0]);
  });

  it('gives flat lines to the highest, ties shared', () => {
    expect(sharesOf({ bases: [1, 3, 2, 3], slopes: [0, 0, 0, 0], low: 0.3, high: 1 })).toEqual([0, 0.5, 0, 0.5]);
    expect(sharesOf({ bases: [0], slopes: [0], low: 0, high: 1 })).toEqual([1]);
  });

  it('computes shares by hand', () => {
    // 1 leads up to z = 1 / 2, then 0.5 + z up to 3 / 4, then 2 z - 0.25; 0.6 + 0.5 z never.
    const shares = sharesOf({ bases: [1, 0.5, -0.25, 0.6], slopes: [0, 1, 2, 0.5], low: 0, high: 1 });
    expect(farthest(shares, [0.5, 0.25, 0.25, 0])).toBeLessThan(1e-15);
  });

  it('reads the first n of longer arrays, and refuses no lines and no interval', () => {
    const out = new Float64Array(2);
    envelopeShares({ bases: Float64Array.of(1, 0, 99), slopes: Float64Array.of(0, 2, 99), n: 2 }, { low: 0, high: 1 }, out);
    expect([...out]).toEqual([0.5, 0.5]);
    expect(() => sharesOf({ bases: [], slopes: [], low: 0, high: 1 })).toThrow('one probability per line');
    expect(() => sharesOf({ bases: [1], slopes: [1], low: 1, high: 1 })).toThrow('over an interval');
  });
});
