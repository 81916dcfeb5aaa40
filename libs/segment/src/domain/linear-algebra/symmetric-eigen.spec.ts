import fc from 'fast-check';
import { rowMatrix, type RowMatrix } from '../row-matrix';
import { symmetricEigen } from './symmetric-eigen';

const entries = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const symmetric = fc.integer({ min: 1, max: 8 }).chain((n) =>
  fc.array(entries, { minLength: n * n, maxLength: n * n }).map((list) => {
    const values = Float64Array.from(list, (_, at) => list[Math.min(at, (at % n) * n + Math.floor(at / n))] ?? 0);
    return rowMatrix(n, values);
  }),
);

const at = (matrix: RowMatrix, r: number, c: number): number => matrix.values[r * matrix.columns + c] ?? 0;

describe('eigenvalues of a symmetric matrix', () => {
  it('solve their equation, with orthonormal vectors, largest first', () => {
    fc.assert(
      fc.property(symmetric, (matrix) => {
        const n = matrix.rows;
        const { values, vectors } = symmetricEigen(matrix);
        const size = Math.max(1e-300, ...matrix.values.map(Math.abs));
        const range = [...Array(n).keys()];
        for (const i of range) {
          for (const r of range) {
            const image = range.reduce((sum, c) => sum + at(matrix, r, c) * at(vectors, i, c), 0);
            expect(Math.abs(image - (values[i] ?? 0) * at(vectors, i, r))).toBeLessThan(1e-12 * n * size);
          }
          for (const j of range) {
            const product = range.reduce((sum, c) => sum + at(vectors, i, c) * at(vectors, j, c), 0);
            expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
          }
          if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1] ?? 0);
        }
      }),
    );
  });

  it('are those of a matrix whose values are known, to 1e-10', () => {
    // The second difference matrix: 2 - 2 cos(k pi / (n + 1)).
    const n = 40;
    const values = Float64Array.from({ length: n * n }, (_, i) => {
      const apart = Math.abs(Math.floor(i / n) - (i % n));
      return apart === 0 ? 2 : apart === 1 ? -1 : 0;
    });
    const found = symmetricEigen(rowMatrix(n, values)).values;
    found.forEach((value, i) => expect(Math.abs(value - (2 - 2 * Math.cos(((n - i) * Math.PI) / (n + 1))))).toBeLessThan(1e-13 * n));
  });

  it('point their vectors up, so that a fit always has the same signs', () => {
    const { vectors } = symmetricEigen(rowMatrix(2, Float64Array.of(1, 3, 3, -5)));
    for (const i of [0, 1])
      expect(Math.max(at(vectors, i, 0), at(vectors, i, 1))).toBe(Math.max(Math.abs(at(vectors, i, 0)), Math.abs(at(vectors, i, 1))));
  });
});
