import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rngFromNumber } from '@vitrine/kernel';
import { rowMatrix, type RowMatrix } from '../row-matrix';
import { clusterRows } from './k-means';

/** Of data/reference/segment/README-clustering.md. */
interface ReferenceCase {
  readonly name: string;
  readonly rows: readonly (readonly number[])[];
  readonly start: readonly (readonly number[])[];
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly centroids: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly inertia: number;
  readonly iterations: number;
}

const FILE = join(__dirname, '../../../../../data/reference/segment/clustering.json');
const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as { readonly cases: readonly ReferenceCase[] };
const TOLERANCE = 1e-8;

const matrixOf = (rows: readonly (readonly number[])[]): RowMatrix => rowMatrix(rows[0]?.length ?? 0, Float64Array.from(rows.flat()));
const cluster = ({ rows, start, tolerance, maxIterations }: ReferenceCase) =>
  clusterRows(
    matrixOf(rows),
    { k: start.length, restarts: 1, maxIterations, tolerance, start: matrixOf(start), algorithm: 'LLOYD' },
    rngFromNumber(0),
  );
const holdsEveryCluster = ({ labels, start }: ReferenceCase): boolean => new Set(labels).size === start.length;

describe("Lloyd's algorithm against scikit-learn from the same start", () => {
  it.each(cases.filter(holdsEveryCluster).map((one) => [one.name, one] as const))('agrees to 1e-8: %s', (_name, expected) => {
    const found = cluster(expected);
    expect([...found.labels]).toEqual(expected.labels);
    expect(found.iterations).toBe(expected.iterations);
    expect(Math.abs(found.inertia - expected.inertia)).toBeLessThanOrEqual(TOLERANCE * expected.inertia);
    const far = expected.centroids.flat().map((value, at) => Math.abs((found.centroids.values[at] ?? Number.NaN) - value));
    expect(far).toHaveLength(found.centroids.values.length);
    expect(Math.max(...far)).toBeLessThanOrEqual(TOLERANCE);
  });

  it.each(cases.filter((one) => !holdsEveryCluster(one)).map((one) => [one.name, one] as const))(
    'leaves out the clusters that it keeps without rows: %s',
    (_name, expected) => {
      const found = cluster(expected);
      const kept = [...new Set(expected.labels)].sort((a, b) => a - b);
      expect([...found.labels]).toEqual(expected.labels.map((label) => kept.indexOf(label)));
      expect([...found.centroids.values]).toEqual(kept.flatMap((label) => expected.centroids[label] ?? []));
      expect(found.inertia).toBe(expected.inertia);
    },
  );

  it('has cases of both kinds', () => {
    expect(cases.filter(holdsEveryCluster)).toHaveLength(11);
    expect(cases).toHaveLength(12);
  });
});
