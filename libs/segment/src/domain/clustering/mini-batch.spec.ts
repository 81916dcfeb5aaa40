import { rowMatrix } from '../row-matrix';
import { ClusteringSpace } from './clustering-kernel';
import { takeStep } from './mini-batch';

describe('takeStep', () => {
  it('makes each centroid the mean of all rows that were ever drawn into its cluster, each by the centroids of its time', () => {
    const line = rowMatrix(1, Float64Array.of(0, 2, 10, 13, 4));
    const learned = { centroids: rowMatrix(1, Float64Array.of(1, 12)), counts: new Float64Array(2) };
    const space = new ClusteringSpace(1, 2);
    expect(takeStep(space, line, Int32Array.of(0, 1, 1, 2), learned)).toBe(1 + 1 + 1 + 4);
    expect([[...learned.centroids.values], [...learned.counts]]).toEqual([
      [4 / 3, 10],
      [3, 1],
    ]);
    takeStep(space, line, Int32Array.of(3, 4), learned);
    expect([[...learned.centroids.values], [...learned.counts]]).toEqual([
      [2, 11.5],
      [4, 2],
    ]);
  });

  it('leaves a centroid where it is while nothing is drawn into its cluster', () => {
    const learned = { centroids: rowMatrix(1, Float64Array.of(1, 50)), counts: new Float64Array(2) };
    takeStep(new ClusteringSpace(1, 2), rowMatrix(1, Float64Array.of(0, 3)), Int32Array.of(1, 1), learned);
    expect([...learned.centroids.values]).toEqual([3, 50]);
  });

  it('takes batches that are larger than a block', () => {
    const space = new ClusteringSpace(9_000, 1);
    expect(space.blockRows).toBe(4);
    const rows = rowMatrix(
      9_000,
      Float64Array.from({ length: 54_000 }, (_, at) => Math.floor(at / 9_000)),
    );
    const learned = { centroids: rowMatrix(9_000, new Float64Array(9_000)), counts: new Float64Array(1) };
    takeStep(space, rows, Int32Array.of(0, 1, 2, 3, 4, 5), learned);
    expect([learned.counts[0], learned.centroids.values[0], learned.centroids.values[8_999]]).toEqual([6, 2.5, 2.5]);
  });
});
