import { rowMatrix } from '../row-matrix';
import { calinskiHarabasz, daviesBouldin } from './cluster-separation';

const ROWS = rowMatrix(1, Float64Array.of(0, 2, 10, 14));

describe('separation of clusters', () => {
  // Means 1 and 12; squares within 1 + 1 + 4 + 4 = 10, between 2 (5.5^2) 2 = 121; mean distances 1 and 2.
  it('equals the definitions on four rows', () => {
    expect(calinskiHarabasz(ROWS, Int32Array.of(0, 0, 1, 1), 2)).toBeCloseTo(121 / (10 / 2), 12);
    expect(daviesBouldin(ROWS, Int32Array.of(0, 0, 1, 1), 2)).toBeCloseTo(3 / 11, 12);
  });

  it('does not count clusters without rows', () => {
    expect(calinskiHarabasz(ROWS, Int32Array.of(1, 1, 4, 4), 6)).toBeCloseTo(121 / 5, 12);
    expect(daviesBouldin(ROWS, Int32Array.of(1, 1, 4, 4), 6)).toBeCloseTo(3 / 11, 12);
  });

  it('says 1 where rows within clusters are the same, and skips two clusters with one centroid', () => {
    const same = rowMatrix(1, Float64Array.of(1, 1, 5, 5));
    expect(calinskiHarabasz(same, Int32Array.of(0, 0, 1, 1), 2)).toBe(1);
    expect(daviesBouldin(rowMatrix(1, Float64Array.of(-1, 1, -2, 2)), Int32Array.of(0, 0, 1, 1), 2)).toBe(0);
  });

  it('has no value for a single cluster', () => {
    expect(calinskiHarabasz(ROWS, new Int32Array(4), 2)).toBeNaN();
    expect(calinskiHarabasz(ROWS, Int32Array.of(0, 1, 2, 3), 4)).toBeNaN();
    expect(daviesBouldin(ROWS, new Int32Array(4), 2)).toBeNaN();
  });
});
