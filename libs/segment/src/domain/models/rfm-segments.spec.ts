import fc from 'fast-check';
import { rowMatrix } from '../row-matrix';
import { compileRfm, RFM_SEGMENTS, rfmSegments, type RfmSegment } from './rfm-segments';

const COLUMNS = { recency: 0, frequency: 1, monetary: 2 };
/** Days 1 to 100, 1 to 100 purchases, 10 to 1,000 spent: the cuts lie at 20, 40, 60 and 80 %. */
const EVEN = rowMatrix(
  3,
  Float64Array.from({ length: 300 }, (_, at) => (Math.floor(at / 3) + 1) * (at % 3 === 2 ? 10 : 1)),
);

const named = (segment: number): RfmSegment | undefined => RFM_SEGMENTS[segment];

describe('rfmSegments', () => {
  it('cuts each measure at the quintiles of the training rows', () => {
    expect(rfmSegments(EVEN, COLUMNS)).toEqual({
      kind: 'RFM',
      columns: COLUMNS,
      recencyCuts: [20, 40, 60, 80],
      frequencyCuts: [20, 40, 60, 80],
      monetaryCuts: [200, 400, 600, 800],
    });
  });

  it.each<[string, readonly number[], RfmSegment]>([
    ['bought yesterday, often and for much', [1, 95, 950], 'CHAMPIONS'],
    ['bought lately, often enough', [30, 70, 700], 'LOYAL'],
    ['bought lately, now and then', [30, 30, 300], 'POTENTIAL_LOYALISTS'],
    ['bought yesterday for the first time', [1, 1, 10], 'NEW'],
    ['bought lately for the first time', [35, 1, 10], 'PROMISING'],
    ['is middling in everything', [50, 50, 500], 'NEED_ATTENTION'],
    ['bought little, a while ago', [50, 1, 10], 'ABOUT_TO_SLEEP'],
    ['bought often, long ago', [90, 70, 700], 'AT_RISK'],
    ['bought most of all, long ago', [90, 99, 990], 'CANNOT_LOSE'],
    ['bought most often for nearly most, long ago', [90, 99, 700], 'CANNOT_LOSE'],
    ['bought little, long ago', [90, 5, 50], 'HIBERNATING'],
    ['bought seldom but for very much, long ago', [90, 5, 990], 'AT_RISK'],
  ])('names a person who %s', (_, row, segment) => {
    expect(named(compileRfm(rfmSegments(EVEN, COLUMNS))(Float64Array.of(0, ...row), 1))).toBe(segment);
  });

  it('gives equal people equal scores, however many they are', () => {
    const once = rowMatrix(
      3,
      Float64Array.from({ length: 300 }, (_, at) => (at < 270 ? 1 : 4)),
    );
    const segmentOf = compileRfm(rfmSegments(once, COLUMNS));
    const all = Array.from({ length: 100 }, (_, row) => named(segmentOf(once.values, 3 * row)));
    expect(new Set(all.slice(0, 90))).toEqual(new Set(['NEW'])); // as recent as anybody, as few purchases as anybody
    expect(new Set(all.slice(90))).toEqual(new Set(['CANNOT_LOSE'])); // 4 days ago is longest ago here
  });

  it('never worsens a person who bought later, more often or for more', () => {
    const segmentOf = compileRfm(rfmSegments(EVEN, COLUMNS));
    const value = fc.tuple(fc.nat(120), fc.nat(120), fc.nat(1200));
    fc.assert(
      fc.property(value, value, ([r, f, m], [r2, f2, m2]) => {
        const better = segmentOf(Float64Array.of(Math.min(r, r2), Math.max(f, f2), Math.max(m, m2)), 0);
        if (named(segmentOf(Float64Array.of(r, f, m), 0)) === 'CHAMPIONS') expect(named(better)).toBe('CHAMPIONS');
        if (named(better) === 'HIBERNATING') expect(named(segmentOf(Float64Array.of(r2, f2, m2), 0))).toBe('HIBERNATING');
      }),
    );
  });

  it('counts what is missing as the lowest score, and refuses to fit on too few values', () => {
    const segmentOf = compileRfm(rfmSegments(EVEN, COLUMNS));
    expect(named(segmentOf(Float64Array.of(Number.NaN, Number.NaN, Number.NaN), 0))).toBe('HIBERNATING');
    expect(named(segmentOf(Float64Array.of(1, Number.NaN, 10), 0))).toBe('NEW');
    const few = () => rfmSegments(rowMatrix(3, new Float64Array(12)), COLUMNS);
    expect(few).toThrow(expect.objectContaining({ code: 'TOO_FEW_ROWS', details: { needed: 5, found: 4 } }));
  });
});
