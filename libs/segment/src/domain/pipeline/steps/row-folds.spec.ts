import fc from 'fast-check';
import { rngFromNumber, shuffledOrder } from '@vitrine/kernel';
import { numbers, tableOf, takeTableRows, texts } from '../pipeline.fixture';
import { rowKeys, stratifiedFolds } from './row-folds';

const ROWS = 500;
const rng = rngFromNumber(6);
const table = tableOf(
  numbers(
    'pages',
    Array.from({ length: ROWS }, (_, row) => (row % 7 === 0 ? null : row)),
  ),
  texts(
    'month',
    Array.from({ length: ROWS }, (_, row) => (row % 5 === 0 ? null : `month-${row % 12}`)),
  ),
);
const target = Float64Array.from({ length: ROWS }, () => (rng() < 0.2 ? 1 : 0));

describe('keys of rows', () => {
  it('tell rows apart by what they hold, and say the same of the same row elsewhere', () => {
    const keys = rowKeys(table, 1);
    expect(new Set(keys).size).toBe(
      new Set(Array.from({ length: ROWS }, (_, row) => (row % 7 === 0 ? `-${row % 5 === 0 ? '' : row % 12}` : row))).size,
    );
    const order = [...shuffledOrder(ROWS, rng)];
    expect(rowKeys(takeTableRows(table, order), 1)).toEqual(Float64Array.from(order, (row) => keys[row] ?? 0));
  });

  it('are others under another seed, and do not depend on the order of a dictionary', () => {
    const month = table.columns[1];
    const turned =
      month?.kind === 'CATEGORICAL'
        ? {
            ...month,
            categories: month.categories.toReversed(),
            codes: month.codes.map((code) => (code < 0 ? code : month.categories.length - 1 - code)),
          }
        : month;
    expect(
      rowKeys({ ...table, columns: table.columns.map((column, at) => (at === 1 && turned !== undefined ? turned : column)) }, 1),
    ).toEqual(rowKeys(table, 1));
    expect(rowKeys(table, 2)).not.toEqual(rowKeys(table, 1));
  });
});

describe('stratified folds', () => {
  it('share out the rows of each class, but for one', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 9 }), (seed, folds) => {
        const foldOf = stratifiedFolds({ keys: rowKeys(table, seed), target, folds });
        for (const label of [0, 1]) {
          const counts = Array.from(
            { length: folds },
            (_, fold) => foldOf.filter((own, row) => own === fold && target[row] === label).length,
          );
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are no run through the rows', () => {
    const foldOf = stratifiedFolds({ keys: rowKeys(table, 1), target, folds: 5 });
    const neighbours = foldOf.filter((fold, row) => fold === foldOf[row + 1]).length;
    expect(neighbours).toBeGreaterThan(0.1 * ROWS); // 0.2 expected by chance; a false alarm in 10^7
    expect(neighbours).toBeLessThan(0.3 * ROWS);
  });
});
