import { rowMatrix } from '../row-matrix';
import { silhouetteScore } from './silhouette-score';

describe('silhouette', () => {
  // Rows 0, 1 | 4, 6 by hand: (0) a 1, b 5; (1) a 1, b 4; (4) a 2, b 3.5; (6) a 2, b 5.5.
  it('equals the definition on four rows', () => {
    const score = silhouetteScore(rowMatrix(1, Float64Array.of(0, 1, 4, 6)), Int32Array.of(0, 0, 1, 1), 2);
    expect(score).toBeCloseTo((4 / 5 + 3 / 4 + 1.5 / 3.5 + 3.5 / 5.5) / 4, 14);
  });

  it('counts a row that is alone in its cluster as 0 and skips clusters without rows', () => {
    const score = silhouetteScore(rowMatrix(1, Float64Array.of(0, 2, 10)), Int32Array.of(0, 0, 2), 3);
    expect(score).toBeCloseTo((8 / 10 + 6 / 8 + 0) / 3, 14);
  });

  it('is negative for rows in the wrong cluster and -1 without any structure', () => {
    expect(silhouetteScore(rowMatrix(1, Float64Array.of(0, 10, 0.1, 10.1)), Int32Array.of(0, 0, 1, 1), 2)).toBeLessThan(0);
    expect(silhouetteScore(rowMatrix(1, Float64Array.of(0, 10)), Int32Array.of(1, 1), 2)).toBe(-1);
  });

  it('is 0 for rows that are all the same', () => {
    expect(silhouetteScore(rowMatrix(1, Float64Array.of(3, 3, 3, 3)), Int32Array.of(0, 0, 1, 1), 2)).toBe(0);
  });
});
