import { rngFromNumber, type Rng } from '@vitrine/kernel';
import { rowMatrix, squaredDistance, type RowMatrix } from '../row-matrix';
import { ClusteringSpace } from './clustering-kernel';
import { clusterRows, labelRows } from './k-means';
import type { ClusteringAlgorithm } from './row-clustering';

const OPTIONS = { k: 2, restarts: 3, maxIterations: 50 };
const ALGORITHMS = ['LLOYD', 'MINI_BATCH'] as const satisfies readonly ClusteringAlgorithm[];

/** Rows around `components` corners, near enough to each other to overlap. */
function mixture(rows: number, columns: number, { components, rng }: { readonly components: number; readonly rng: Rng }): RowMatrix {
  const corners = Float64Array.from({ length: components * columns }, () => 2 * rng());
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const corner = Math.floor(rng() * components) * columns;
    for (let c = 0; c < columns; c++) values[row * columns + c] = (corners[corner + c] ?? 0) + rng() + rng() - 1;
  }
  return rowMatrix(columns, values);
}

/** What any clustering that has settled must be: nearest centroids, means of their rows, and the distances added up. */
function expectConsistent(data: RowMatrix, { centroids, labels, sizes, inertia }: ReturnType<typeof clusterRows>): void {
  const counted = new Int32Array(centroids.rows);
  let total = 0;
  let wrong = 0;
  labels.forEach((label, row) => {
    const distances = Array.from({ length: centroids.rows }, (_, c) => squaredDistance(data, row, centroids, c));
    const least = Math.min(...distances);
    if (distances.indexOf(least) !== label) wrong++;
    counted[label] = (counted[label] ?? 0) + 1;
    total += least;
  });
  expect(wrong).toBe(0);
  expect([...sizes]).toEqual([...counted]);
  expect(Math.min(...sizes)).toBeGreaterThan(0);
  expect(inertia).toBe(total);
}

describe('clusterRows', () => {
  // 1, 2, 3 | 10, 11: means 2 and 10.5, inertia (1 + 0 + 1) + (0.25 + 0.25).
  it('finds the optimum of a line by hand', () => {
    const found = clusterRows(rowMatrix(1, Float64Array.of(1, 2, 3, 10, 11)), OPTIONS, rngFromNumber(1));
    expect([...found.centroids.values].sort((a, b) => a - b)).toEqual([2, 10.5]);
    expect(found.inertia).toBeCloseTo(2.5, 12);
    expect([...found.sizes].sort()).toEqual([2, 3]);
  });

  it('comes within a thousandth of it from batches', () => {
    const line = rowMatrix(1, Float64Array.of(1, 2, 3, 10, 11));
    const found = clusterRows(line, { ...OPTIONS, algorithm: 'MINI_BATCH' }, rngFromNumber(1));
    expect(found.inertia).toBeLessThan(2.5 * 1.001);
    expect([...found.sizes].sort()).toEqual([2, 3]);
  });

  it.each(ALGORITHMS)('finds fewer clusters than asked for when rows repeat: %s', (algorithm) => {
    const found = clusterRows(rowMatrix(1, Float64Array.of(5, 5, 5, 7)), { ...OPTIONS, k: 4, algorithm }, rngFromNumber(1));
    expect([...found.centroids.values].sort()).toEqual([5, 7]);
    expect([...found.sizes].sort()).toEqual([1, 3]);
    expect(found.inertia).toBe(0);
  });

  it.each([
    ['one column', 5_000, 1, 3],
    ['an odd number of columns, blocks that do not fill up', 9_001, 7, 6],
    ['more clusters than a group of the kernel', 4_099, 32, 21],
    ['rows wider than a block', 60, 9_000, 3],
    ['fewer rows than a group of the kernel', 3, 2, 2],
  ])('labels every row with its nearest centroid, to the bit: %s', (_name, rows, columns, k) => {
    const data = mixture(rows, columns, { components: 5, rng: rngFromNumber(11) });
    for (const algorithm of ALGORITHMS) {
      expectConsistent(data, clusterRows(data, { k, restarts: 1, maxIterations: 4, algorithm, batchRows: 300 }, rngFromNumber(2)));
    }
  });

  it.each(ALGORITHMS)('gives the same clustering for the same generator, bit for bit, whatever was clustered before: %s', (algorithm) => {
    const data = mixture(3_000, 6, { components: 5, rng: rngFromNumber(3) });
    const cluster = (seed: number) => clusterRows(data, { k: 5, restarts: 2, maxIterations: 20, algorithm }, rngFromNumber(seed));
    const first = cluster(9);
    clusterRows(mixture(500, 40, { components: 9, rng: rngFromNumber(4) }), { ...OPTIONS, k: 30, algorithm }, rngFromNumber(5));
    expect(cluster(9)).toEqual(first);
    expect([...cluster(10).centroids.values]).not.toEqual([...first.centroids.values]);
  });

  it('keeps the best of its seedings', () => {
    const data = mixture(2_000, 3, { components: 12, rng: rngFromNumber(6) });
    const rng = rngFromNumber(7);
    const singles = [1, 2, 3, 4].map(() => clusterRows(data, { k: 12, restarts: 1, maxIterations: 100 }, rng).inertia);
    expect(clusterRows(data, { k: 12, restarts: 4, maxIterations: 100 }, rngFromNumber(7)).inertia).toBe(Math.min(...singles));
    expect(new Set(singles).size).toBeGreaterThan(1);
  });

  it.each(ALGORITHMS)('begins at the start it is given and leaves it as it was: %s', (algorithm) => {
    const data = rowMatrix(1, Float64Array.of(0, 1, 10, 11, 20, 21));
    const start = rowMatrix(1, Float64Array.of(20.5, 0.5));
    const found = clusterRows(data, { ...OPTIONS, algorithm, start, maxIterations: 1 }, rngFromNumber(1));
    expect(found.centroids.values[0]).toBeGreaterThan(found.centroids.values[1] ?? 0);
    expect(found.iterations).toBeLessThanOrEqual(1);
    expect([...start.values]).toEqual([20.5, 0.5]);
  });

  it('passes over all rows once more when the centroids still move after the last pass', () => {
    const data = mixture(2_000, 4, { components: 6, rng: rngFromNumber(8) });
    expectConsistent(data, clusterRows(data, { k: 6, restarts: 1, maxIterations: 1, algorithm: 'LLOYD' }, rngFromNumber(8)));
  });

  it('stops sooner the greater the tolerance', () => {
    const data = mixture(5_000, 4, { components: 6, rng: rngFromNumber(8) });
    const passes = [0, 1e-4, 1e-1].map(
      (tolerance) => clusterRows(data, { k: 6, restarts: 1, maxIterations: 500, tolerance }, rngFromNumber(8)).iterations,
    );
    expect(passes).toEqual(passes.toSorted((a, b) => b - a));
    expect(new Set(passes).size).toBe(3);
  });

  it('learns from batches what the exact algorithm finds, to a hundredth, in fewer passes', () => {
    const data = mixture(60_000, 8, { components: 10, rng: rngFromNumber(12) });
    for (const seed of [1, 2, 3]) {
      const [exact, learned] = ALGORITHMS.map((algorithm) =>
        clusterRows(data, { k: 10, restarts: 5, maxIterations: 100, algorithm }, rngFromNumber(seed)),
      );
      expect(learned?.inertia).toBeLessThan(1.01 * (exact?.inertia ?? 0));
      expect(learned?.iterations).toBeLessThan(exact?.iterations ?? 0);
    }
  });

  it('takes batches by itself from a hundred thousand rows on', () => {
    const cluster = (rows: number, algorithm?: ClusteringAlgorithm) =>
      clusterRows(
        mixture(rows, 2, { components: 4, rng: rngFromNumber(13) }),
        { k: 4, restarts: 1, maxIterations: 9, ...(algorithm === undefined ? {} : { algorithm }) },
        rngFromNumber(1),
      );
    expect(cluster(100_000)).toEqual(cluster(100_000, 'MINI_BATCH'));
    expect(cluster(99_999)).toEqual(cluster(99_999, 'LLOYD'));
    expect(cluster(99_999, 'MINI_BATCH').inertia).not.toBe(cluster(99_999).inertia);
  });

  it('seeds from all rows where a sample has too few distinct ones', () => {
    const values = new Float64Array(200_000);
    values[199_999] = 5; // a sample of 20,000 mostly misses it
    values[7] = 9;
    const found = clusterRows(rowMatrix(1, values), { k: 3, restarts: 1, maxIterations: 9 }, rngFromNumber(1));
    expect([...found.centroids.values].sort()).toEqual([0, 5, 9]);
  });

  it.each([
    ['no rows', new Float64Array(0), {}],
    ['no cluster', Float64Array.of(1, 2), { k: 0 }],
    ['a fraction of a cluster', Float64Array.of(1, 2), { k: 1.5 }],
    ['no seeding', Float64Array.of(1, 2), { restarts: 0 }],
    ['no pass', Float64Array.of(1, 2), { maxIterations: 0 }],
    ['empty batches', Float64Array.of(1, 2), { algorithm: 'MINI_BATCH' as const, batchRows: 0 }],
    ['a negative tolerance', Float64Array.of(1, 2), { tolerance: -1 }],
    ['a start of another size', Float64Array.of(1, 2), { start: rowMatrix(1, Float64Array.of(1)) }],
    ['what is no number', Float64Array.of(1, Number.NaN), {}],
    ['the infinite', Float64Array.of(1, Number.POSITIVE_INFINITY), { algorithm: 'MINI_BATCH' as const }],
  ])('refuses %s', (_name, values, parts) => {
    expect(() => clusterRows({ rows: values.length, columns: 1, values }, { ...OPTIONS, ...parts }, rngFromNumber(1))).toThrow();
  });
});

describe('labelRows', () => {
  it('gives rows the labels, sizes and inertia that the clustering gave them', () => {
    const data = mixture(2_500, 5, { components: 6, rng: rngFromNumber(15) });
    const { centroids, iterations: _, ...rest } = clusterRows(data, { k: 6, restarts: 1, maxIterations: 30 }, rngFromNumber(1));
    expect(labelRows(data, centroids)).toEqual(rest);
  });

  it('keeps a centroid that no row is nearest to, and refuses centroids of other columns', () => {
    const data = rowMatrix(1, Float64Array.of(1, 2, 3));
    const found = labelRows(data, rowMatrix(1, Float64Array.of(90, 2)));
    expect([[...found.labels], [...found.sizes], found.inertia]).toEqual([[1, 1, 1], [0, 3], 2]);
    expect(() => labelRows(data, rowMatrix(3, Float64Array.of(1, 2, 3)))).toThrow('same columns');
  });
});

describe('ClusteringSpace', () => {
  it('measures distances that have the very bits of the plain loop', () => {
    const rng = rngFromNumber(14);
    const data = mixture(10, 5, { components: 3, rng });
    const centroids = mixture(4, 5, { components: 3, rng });
    const space = new ClusteringSpace(5, 4);
    space.setCentroids(centroids);
    space.load(data, 0, 10);
    space.measure(10);
    const plain = Array.from({ length: 40 }, (_, at) => squaredDistance(data, Math.floor(at / 4), centroids, at % 4));
    expect([...space.fours.subarray(0, 40)]).toEqual(plain);
  });

  it('keeps its blocks small, however wide the rows', () => {
    expect(new ClusteringSpace(32, 20).blockRows).toBe(1_024);
    expect(new ClusteringSpace(9, 2).blockRows % 4).toBe(0);
    expect(new ClusteringSpace(1_000_000, 1).blockRows).toBe(4);
  });
});
