import { rngFromNumber } from '@vitrine/kernel';
import { rowMatrix, type RowMatrix } from '../row-matrix';
import { gramOf, gramTimes } from './gram';
import { sparseMatrix } from './sparse-matrix';
import { leadingEigen, orthonormal } from './subspace-iteration';
import { symmetricEigen } from './symmetric-eigen';
import { truncatedSvdSparse } from './truncated-svd';

const ROWS = 700; // more than one block, and not a whole number of them
const WIDTH = 60;

/** Columns of which column c has the deviation `decay ** c`, all turned into one another. */
function decaying(decay: number): { columns: Float64Array[]; shift: Float64Array } {
  const rng = rngFromNumber(4);
  const turn = orthonormal({ rows: WIDTH, columns: WIDTH, values: Float64Array.from({ length: WIDTH * WIDTH }, () => rng() - 0.5) });
  const columns = Array.from({ length: WIDTH }, () => new Float64Array(ROWS));
  for (let row = 0; row < ROWS; row++) {
    for (let k = 0; k < WIDTH; k++) {
      const size = (rng() - 0.5) * decay ** k;
      columns.forEach((column, c) => (column[row] = (column[row] ?? 0) + size * (turn.values[k * WIDTH + c] ?? 0)));
    }
  }
  return { columns, shift: Float64Array.from(columns, (column) => column.reduce((sum, value) => sum + value, 0) / ROWS) };
}

function furthest(found: RowMatrix, exact: RowMatrix): number {
  return found.values.reduce((most, value, at) => Math.max(most, Math.abs(value - (exact.values[at] ?? 0))), 0);
}

const RANDOMISED = { count: 6, oversampling: 10, mostIterations: 8, tolerance: 1e-12, seed: 9 };

describe('the leading eigenpairs of a tall matrix', () => {
  it('are those of the exact decomposition where the spectrum decays', () => {
    const matrix = decaying(0.75);
    const exact = symmetricEigen(gramOf(matrix));
    const found = leadingEigen((v) => gramTimes(matrix, v), WIDTH, RANDOMISED);
    found.values.forEach((value, i) => expect(value / (exact.values[i] ?? 0)).toBeCloseTo(1, 10));
    expect(furthest(found.vectors, exact.vectors)).toBeLessThan(1e-8);
  });

  it('hold nearly as much as the exact ones where it hardly does', () => {
    const matrix = decaying(0.99);
    const sum = (values: Float64Array): number => values.slice(0, 6).reduce((total, value) => total + value, 0);
    const exact = sum(symmetricEigen(gramOf(matrix)).values);
    const found = sum(leadingEigen((v) => gramTimes(matrix, v), WIDTH, RANDOMISED).values);
    expect(found).toBeLessThanOrEqual(exact * (1 + 1e-12));
    expect(found).toBeGreaterThan(0.9 * exact);
  });

  it('depend on the seed by rounding only, and on nothing else', () => {
    const matrix = decaying(0.5);
    const once = (seed: number): RowMatrix => leadingEigen((v) => gramTimes(matrix, v), WIDTH, { ...RANDOMISED, seed }).vectors;
    expect(once(1)).toEqual(once(1));
    expect(furthest(once(1), once(2))).toBeLessThan(1e-9);
  });

  it('are as many as the matrix has columns when more are asked for', () => {
    const columns = [Float64Array.of(3, 0), Float64Array.of(0, 2)];
    const found = leadingEigen((v) => gramTimes({ columns, shift: new Float64Array(2) }, v), 2, RANDOMISED);
    found.values.forEach((value, i) => expect(value).toBeCloseTo([9, 4][i] ?? 0, 12));
    expect(found.vectors.values.map((value) => Math.round(value) + 0)).toEqual(Float64Array.of(1, 0, 0, 1));
  });
});

describe('a product with the Gram matrix', () => {
  it('is that of the matrix itself', () => {
    const matrix = decaying(0.9);
    const gram = gramOf(matrix);
    const v = rowMatrix(
      2,
      Float64Array.from({ length: 2 * WIDTH }, (_, at) => Math.sin(at)),
    );
    const direct = Float64Array.from({ length: 2 * WIDTH }, (_, at) => {
      const [row, column] = [Math.floor(at / 2), at % 2];
      return Array.from({ length: WIDTH }).reduce<number>(
        (sum, _unused, i) => sum + (gram.values[row * WIDTH + i] ?? 0) * (v.values[2 * i + column] ?? 0),
        0,
      );
    });
    expect(furthest(gramTimes(matrix, v), rowMatrix(2, direct))).toBeLessThan(1e-9);
  });
});

describe('orthonormal rows', () => {
  it('leave nothing of a row that depends on those before', () => {
    const basis = orthonormal(rowMatrix(3, Float64Array.of(3, 0, 4, 6, 0, 8, 0, 5, 0)));
    expect([...basis.values.slice(3, 6)]).toEqual([0, 0, 0]);
    expect([...basis.values.slice(6)]).toEqual([0, 1, 0]);
  });
});

describe('a truncated decomposition of sparse rows', () => {
  it('has nothing to find beyond the rank', () => {
    const matrix = sparseMatrix({
      rows: 3,
      columns: 4,
      starts: Int32Array.of(0, 1, 1, 2),
      indexes: Int32Array.of(1, 1),
      values: Float64Array.of(3, 4),
    });
    const { singularValues, projected } = truncatedSvdSparse(matrix, { components: 2, seed: 1 });
    expect(singularValues[0]).toBeCloseTo(5, 12);
    expect(singularValues[1]).toBe(0);
    expect(projected.values[0]).toBeCloseTo(3, 12);
    expect(projected.values[4]).toBeCloseTo(4, 12);
  });

  it('refuses a matrix whose parts do not fit', () => {
    const parts = { rows: 1, columns: 2, starts: Int32Array.of(0, 1), indexes: Int32Array.of(2), values: Float64Array.of(1) };
    expect(() => sparseMatrix(parts)).toThrow('every value has a column');
    expect(() => sparseMatrix({ ...parts, starts: Int32Array.of(0, 2) })).toThrow('starts bound the values');
  });
});
