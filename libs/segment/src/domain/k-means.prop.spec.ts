import fc from 'fast-check';
import { rngFromNumber } from '@vitrine/kernel';
import { kMeans } from './k-means';
import { rowMatrix, squaredDistance } from './row-matrix';
import { runToEnd } from './steps';

const values = fc
  .array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 120 })
  .map((list) => Float64Array.from(list.slice(0, list.length - (list.length % 2))));

it('labels every row with its nearest centroid, puts each converged centroid at the mean of its rows and adds the inertia up', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 6 }), fc.nat(), (list, k, seed) => {
      const data = rowMatrix(2, list);
      const { centroids, labels, sizes, inertia } = runToEnd(kMeans(data, { k, restarts: 2, maxIterations: 500 }, rngFromNumber(seed)));
      const sums = new Float64Array(centroids.rows * 2);
      let total = 0;
      labels.forEach((label, row) => {
        const distances = Array.from({ length: centroids.rows }, (_, c) => squaredDistance(data, row, centroids, c));
        expect(distances[label]).toBe(Math.min(...distances));
        total += Math.min(...distances);
        for (const c of [0, 1]) sums[label * 2 + c] = (sums[label * 2 + c] ?? 0) + (data.values[row * 2 + c] ?? 0);
      });
      expect(inertia).toBeCloseTo(total, 9);
      sizes.forEach((size, c) => {
        expect(size).toBeGreaterThan(0);
        expect(centroids.values[c * 2]).toBeCloseTo((sums[c * 2] ?? 0) / size, 9);
        expect(centroids.values[c * 2 + 1]).toBeCloseTo((sums[c * 2 + 1] ?? 0) / size, 9);
      });
    }),
  );
});
