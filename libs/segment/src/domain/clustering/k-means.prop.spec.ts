import fc from 'fast-check';
import { rngFromNumber } from '@vitrine/kernel';
import { rowMatrix, squaredDistance } from '../row-matrix';
import { clusterRows } from './k-means';

const values = fc
  .array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 120 })
  .map((list) => Float64Array.from(list.slice(0, list.length - (list.length % 2))));

it('labels every row with its nearest centroid, puts each converged centroid at the mean of its rows and adds the inertia up', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 6 }), fc.nat(), fc.constantFrom('LLOYD', 'MINI_BATCH'), (list, k, seed, algorithm) => {
      const data = rowMatrix(2, list);
      const options = { k, restarts: 2, maxIterations: 500, tolerance: 0, algorithm, batchRows: 16 };
      const { centroids, labels, sizes, inertia } = clusterRows(data, options, rngFromNumber(seed));
      const sums = new Float64Array(centroids.rows * 2);
      let total = 0;
      labels.forEach((label, row) => {
        const distances = Array.from({ length: centroids.rows }, (_, c) => squaredDistance(data, row, centroids, c));
        expect(distances[label]).toBe(Math.min(...distances));
        total += Math.min(...distances);
        for (const c of [0, 1]) sums[label * 2 + c] = (sums[label * 2 + c] ?? 0) + (data.values[row * 2 + c] ?? 0);
      });
      expect(inertia).toBe(total);
      sizes.forEach((size, c) => {
        expect(size).toBeGreaterThan(0);
        if (algorithm === 'MINI_BATCH') return; // stops when little is gained, so its rows may have moved on
        expect(centroids.values[c * 2]).toBeCloseTo((sums[c * 2] ?? 0) / size, 9);
        expect(centroids.values[c * 2 + 1]).toBeCloseTo((sums[c * 2 + 1] ?? 0) / size, 9);
      });
    }),
  );
});

it('never has more clusters than there are distinct rows, and as many as wanted when there are enough', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 12 }), fc.nat(), (list, k, seed) => {
      const data = rowMatrix(1, list);
      const { centroids } = clusterRows(data, { k, restarts: 1, maxIterations: 500 }, rngFromNumber(seed));
      expect(centroids.rows).toBe(Math.min(k, new Set(list).size));
    }),
  );
});
