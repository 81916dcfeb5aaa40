import fc from 'fast-check';
import { rowMatrix } from '../row-matrix';
import { binRows } from './feature-bins';

const column = fc.oneof(
  fc.float64Array({ minLength: 1, maxLength: 80 }),
  fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 80 }).map((values) => Float64Array.from(values)),
);

describe('binRows', () => {
  it('puts a value into the bin that the cuts say, and what is not finite into the last', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 2, max: 12 }), (values, bins) => {
        const binned = binRows(rowMatrix(1, values), bins);
        const cuts = [...(binned.cuts[0] ?? [])];
        expect(cuts).toEqual([...new Set(cuts)].toSorted((a, b) => a - b));
        expect(cuts.length).toBeLessThan(bins);
        expect(cuts.every((cut) => Number.isFinite(cut))).toBe(true);
        const expected = Array.from(values, (value) =>
          Number.isFinite(value) ? cuts.filter((cut) => cut < value).length : cuts.length + 1,
        );
        expect([...binned.bins]).toEqual(expected);
        expect([...binned.cells]).toEqual([0, cuts.length + 2]);
      }),
    );
  });

  it('keeps values apart while there are bins for all of them, and no bin empty', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 2, max: 12 }), (values, bins) => {
        const { cuts } = binRows(rowMatrix(1, values), bins);
        const finite = values.filter((value) => Number.isFinite(value));
        const distinct = new Set(Array.from(finite, (value) => value + 0)).size;
        const edges = [-Infinity, ...(cuts[0] ?? []), Infinity];
        if (distinct <= bins) expect(edges.length - 1).toBe(Math.max(1, distinct));
        const filled = edges.slice(1).map((edge, bin) => finite.some((value) => value <= edge && value > (edges[bin] ?? 0)));
        if (distinct > 0) expect(filled).not.toContain(false);
      }),
    );
  });

  it('cuts many values into bins of about equally many rows', () => {
    const values = Float64Array.from({ length: 1000 }, (_, row) => ((row * 617) % 1000) ** 2);
    const { bins } = binRows(rowMatrix(1, values), 16);
    const sizes = Array.from({ length: 16 }, (_, bin) => bins.filter((found) => found === bin).length);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(62);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(63);
  });
});
