import { rngFromNumber } from '@vitrine/kernel';
import { kMeans, seedCentroids } from './k-means';
import { rowMatrix } from './row-matrix';
import { runToEnd, SLICE_OPERATIONS } from './steps';

const options = { k: 2, restarts: 3, maxIterations: 50 };

describe('kMeans', () => {
  // 1, 2, 3 | 10, 11: means 2 and 10.5, inertia (1 + 0 + 1) + (0.25 + 0.25).
  it('finds the optimum of a line by hand', () => {
    const found = runToEnd(kMeans(rowMatrix(1, Float64Array.of(1, 2, 3, 10, 11)), options, rngFromNumber(1)));
    expect([...found.centroids.values].sort((a, b) => a - b)).toEqual([2, 10.5]);
    expect(found.inertia).toBeCloseTo(2.5, 12);
    expect([...found.sizes].sort()).toEqual([2, 3]);
  });

  it('finds fewer clusters than asked for when rows repeat', () => {
    const found = runToEnd(kMeans(rowMatrix(1, Float64Array.of(5, 5, 5, 7)), { ...options, k: 4 }, rngFromNumber(1)));
    expect([...found.centroids.values].sort()).toEqual([5, 7]);
    expect(found.inertia).toBe(0);
  });

  it('gives the same clustering for the same seed, bit for bit', () => {
    const rng = rngFromNumber(3);
    const data = rowMatrix(
      4,
      Float64Array.from({ length: 4_000 }, () => rng()),
    );
    expect(runToEnd(kMeans(data, { ...options, k: 5 }, rngFromNumber(9)))).toEqual(
      runToEnd(kMeans(data, { ...options, k: 5 }, rngFromNumber(9))),
    );
  });

  it('hands control back within a slice of work, and after every pass over rows that fit into one', () => {
    const passes = 3;
    const yieldsFor = (rows: number): number => {
      const data = rowMatrix(
        8,
        Float64Array.from({ length: rows * 8 }, (_, at) => (at * 7_919) % 1_013),
      );
      const steps = kMeans(data, { k: 4, restarts: 1, maxIterations: passes }, rngFromNumber(1));
      let yields = 0;
      while (steps.next().done !== true) yields++;
      return yields;
    };
    expect(yieldsFor(100)).toBeGreaterThanOrEqual(passes - 1);
    expect(yieldsFor(200_000)).toBeGreaterThanOrEqual(Math.floor((passes * 200_000 * 8 * 4) / SLICE_OPERATIONS));
  });
});

describe('seedCentroids', () => {
  it('draws the next seed in proportion to squared distance (z within 4, false alarm 0.006 %)', () => {
    // From seed 0 the rows 1 and 3 weigh 1 and 9; count how often 3 follows when 0 came first.
    const data = rowMatrix(1, Float64Array.of(0, 1, 3));
    const rng = rngFromNumber(4);
    let first = 0;
    let far = 0;
    for (let run = 0; run < 9_000; run++) {
      const [a, b] = runToEnd(seedCentroids(data, 2, rng)).values;
      if (a !== 0) continue;
      first++;
      if (b === 3) far++;
    }
    expect(Math.abs(far - 0.9 * first) / Math.sqrt(first * 0.09)).toBeLessThan(4);
  });
});
