import { crossFittedTarget, encodeTarget } from './target-encoding';

const rows = { codes: Int32Array.of(0, 0, 0, 1, 1, -1), target: Float64Array.of(1, 1, 0, 0, 0, 1), categories: 3 };

describe('a target encoding', () => {
  it('shrinks the mean of a category by as many rows of the mean of all', () => {
    expect([...encodeTarget(rows, 0).values]).toEqual([2 / 3, 0, 0.5]);
    expect(encodeTarget(rows, 6)).toEqual({ values: Float64Array.of((3 + 2) / 9, 3 / 8, 0.5), mean: 0.5 });
  });

  it('weighs by how much the rows of a category agree when nobody says how much to shrink', () => {
    // All: variance 1/4. Category 0: variance 2/9 of three rows, so 3/4 against 2/9; category 1 agrees with itself entirely.
    const share = 0.75 / (0.75 + 2 / 9);
    expect(encodeTarget(rows, 'auto').values[0]).toBeCloseTo(share * (2 / 3) + (1 - share) / 2, 12);
    expect(encodeTarget(rows, 'auto').values[1]).toBe(0);
  });

  it('is the mean where no row differs', () => {
    const same = { codes: Int32Array.of(0, 1), target: Float64Array.of(1, 1), categories: 2 };
    expect([...encodeTarget(same, 'auto').values]).toEqual([1, 1]);
  });
});

describe('a target encoding across folds', () => {
  it('never uses the row itself, and gives what the other folds do not know their mean', () => {
    const foldOf = Int32Array.of(0, 1, 1, 0, 0, 1);
    // Fold 0 learns from rows 1, 2 and 5 (mean 2/3, category 0 has 1/2, category 1 nothing); fold 1 from rows 0, 3 and 4.
    expect([...crossFittedTarget(rows, 0, foldOf)]).toEqual([1 / 2, 1, 1, 2 / 3, 2 / 3, 1 / 3]);
    const other = { ...rows, target: rows.target.map((label, row) => (row === 0 ? 1 - label : label)) };
    expect(crossFittedTarget(other, 0, foldOf)[0]).toBe(1 / 2);
  });
});
