import { rngFromNumber } from '@vitrine/kernel';
import type { RowMatrix } from '@vitrine/segment';
import { principalAxes, projectRows } from './principal-axes';

/** Rows whose columns hang together, of different spreads. */
function rowsOf(rows: number, columns: number): RowMatrix {
  const rng = rngFromNumber(7);
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const common = rng() - 0.5;
    for (let c = 0; c < columns; c++) values[row * columns + c] = 3 + c * common + (rng() - 0.5) * (columns - c);
  }
  return { rows, columns, values };
}

const column = ({ rows, columns, values }: RowMatrix, c: number): number[] =>
  Array.from({ length: rows }, (_, row) => values[row * columns + c] ?? 0);
const axis = ({ columns, values }: RowMatrix, at: number): number[] => [...values.slice(at * columns, (at + 1) * columns)];
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const covariance = (a: readonly number[], b: readonly number[]): number =>
  mean(a.map((value, i) => (value - mean(a)) * ((b[i] ?? 0) - mean(b))));

describe('principal axes', () => {
  it('lie along a line that all rows lie on', () => {
    const line = { rows: 3, columns: 2, values: Float64Array.of(1, 1, 4, 5, 7, 9) }; // in steps of (3, 4)
    const { axes, variances, mean: middle } = principalAxes(line, 2);
    const [x, y] = axis(axes, 0);
    expect([...middle]).toEqual([expect.closeTo(4, 12), expect.closeTo(5, 12)]);
    expect(Math.abs(x ?? 0)).toBeCloseTo(0.6, 12);
    expect((y ?? 0) / (x ?? 1)).toBeCloseTo(4 / 3, 12);
    expect([...variances]).toEqual([expect.closeTo((2 * 25) / 3, 12), expect.closeTo(0, 12)]);
  });

  it('are orthogonal, of length 1, and carry the variance of the rows in descending parts that do not hang together', () => {
    const rows = rowsOf(60, 7);
    const found = principalAxes(rows, 7);
    const places = projectRows(rows, found);
    for (let a = 0; a < 7; a++) {
      for (let b = 0; b < 7; b++) {
        expect(dot(axis(found.axes, a), axis(found.axes, b))).toBeCloseTo(a === b ? 1 : 0, 10);
        expect(covariance(column(places, a), column(places, b))).toBeCloseTo(a === b ? (found.variances[a] ?? 0) : 0, 9);
      }
    }
    const total = Array.from({ length: 7 }, (_, c) => covariance(column(rows, c), column(rows, c)));
    expect(found.variances.reduce((sum, value) => sum + value, 0)).toBeCloseTo(dot(total, [1, 1, 1, 1, 1, 1, 1]), 9);
    expect([...found.variances]).toEqual([...found.variances].toSorted((a, b) => b - a));
  });

  it('are no more than there are columns, and say nothing of rows that are all the same', () => {
    const same = { rows: 4, columns: 2, values: new Float64Array(8).fill(5) };
    const found = principalAxes(same, 4);
    expect([found.axes.rows, ...found.variances]).toEqual([2, 0, 0]);
    expect([...projectRows(same, found).values]).toEqual(new Array(8).fill(0));
  });
});
