import { rowMatrix } from './row-matrix';
import { CLIP, fitScaling, scaleRows } from './standard-scaler';

describe('standard scaling', () => {
  const rows = rowMatrix(2, Float64Array.of(2, 7, 4, 7, 4, 7, 4, 7, 5, 7, 5, 7, 7, 7, 9, 7));

  it('takes the mean and the population deviation of each column', () => {
    expect(fitScaling(rows)).toEqual({ center: [5, 7], scale: [2, 0], clip: CLIP });
  });

  it('gives mean 0 and deviation 1, and ignores a column that never varies', () => {
    const { values } = scaleRows(rows, fitScaling(rows));
    const first = values.filter((_, at) => at % 2 === 0);
    expect(first.reduce((sum, z) => sum + z, 0)).toBeCloseTo(0, 12);
    expect(first.reduce((sum, z) => sum + z * z, 0) / 8).toBeCloseTo(1, 12);
    expect(values.filter((_, at) => at % 2 === 1).every((z) => z === 0)).toBe(true);
  });

  it('calls a column constant whose spread is rounding noise', () => {
    expect(fitScaling(rowMatrix(1, Float64Array.of(0.1 + 0.2, 0.3, 0.3))).scale).toEqual([0]);
  });

  it('cuts what lies further out than the clip', () => {
    expect([...scaleRows(rowMatrix(1, Float64Array.of(1e9, -1e9)), { center: [0], scale: [1], clip: 6 }).values]).toEqual([6, -6]);
  });
});
