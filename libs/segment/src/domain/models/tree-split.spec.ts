import { rowMatrix } from '../row-matrix';
import { binRows } from './feature-bins';
import { bestSplit } from './tree-split';

/** One input with three values and one missing row; per cell: gradient, hessian, rows. */
const SEARCH = {
  binned: binRows(rowMatrix(1, Float64Array.of(1, 2, 3, Number.NaN)), 8),
  columns: Int32Array.of(0),
  minRowsPerLeaf: 2,
  l2: 1,
};
const sums = (cells: readonly (readonly number[])[]) => {
  const [gradient = 0, hessian = 0, rows = 0] = [0, 1, 2].map((at) => cells.reduce((sum, cell) => sum + (cell[at] ?? 0), 0));
  return { gradient, hessian, rows };
};
const split = (cells: readonly (readonly number[])[], search = SEARCH) => bestSplit(search, Float64Array.from(cells.flat()), sums(cells));

describe('bestSplit', () => {
  it('takes the cut and the side of what is missing that gain most', () => {
    const cells = [
      [-4, 2, 5],
      [3, 2, 5],
      [3, 2, 5],
      [-2, 1, 3],
    ];
    const found = split(cells);
    expect(found).toEqual({
      column: 0,
      bin: 0,
      missingLeft: true,
      gain: expect.closeTo(36 / 4 + 36 / 5 - 0, 12),
      left: { gradient: -6, hessian: 3, rows: 8 },
    });
  });

  it('can part what is missing from every value', () => {
    const found = split([
      [2, 2, 5],
      [2, 2, 5],
      [2, 2, 5],
      [-6, 3, 4],
    ]);
    expect(found).toMatchObject({ bin: 2, missingLeft: false, left: { gradient: 6, rows: 15 } });
  });

  it('takes the first of equal cuts', () => {
    const found = split([
      [-2, 2, 5],
      [0, 0, 0],
      [2, 2, 5],
      [0, 0, 0],
    ]);
    expect(found).toMatchObject({ bin: 0 });
  });

  it.each([
    ['leaves one side too few rows', [-4, 2, 1]],
    ['leaves one side all but certain', [-0.0004, 0.0005, 5]],
  ])('refuses a cut that %s', (_, low) => {
    expect(split([low, [4, 2, 5], [4, 2, 1], [0, 0, 0]])).toBeNull();
  });

  it('finds nothing where both sides are alike', () => {
    expect(
      split(
        [
          [2, 2, 5],
          [2, 2, 5],
          [2, 2, 5],
          [0, 0, 0],
        ],
        { ...SEARCH, l2: 0 },
      ),
    ).toBeNull();
  });
});
