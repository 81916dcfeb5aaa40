import { rngFromNumber } from '@vitrine/kernel';
import { rowMatrix } from '../row-matrix';
import { ClusteringSpace } from './clustering-kernel';
import { runLloyd, settle } from './lloyd';

const rng = rngFromNumber(3);
const SQUARE = rowMatrix(
  2,
  Float64Array.from({ length: 6_000 }, () => rng()),
);
const START = rowMatrix(2, SQUARE.values.slice(0, 10));
const settleAt = (leastGain: number, maxIterations = 1_000, start = START) =>
  settle(new ClusteringSpace(2, 5), SQUARE, start, { maxIterations, leastGain });

describe('settle', () => {
  it('passes over the rows while that gains enough, then returns what was labelled last', () => {
    const [rough, fine] = [settleAt(1e-2), settleAt(1e-5)];
    expect(rough.iterations).toBeGreaterThan(0);
    expect(fine.iterations).toBeGreaterThan(rough.iterations);
    expect(fine.inertia).toBeLessThan(rough.inertia);
    const again = settleAt(1e-2, 1_000, rough.centroids);
    expect([again.iterations, again.inertia, again.labels]).toEqual([0, rough.inertia, rough.labels]);
  });

  it('goes the way of the exact algorithm', () => {
    const exact = runLloyd(new ClusteringSpace(2, 5), SQUARE, START, { maxIterations: 7, settledShift: 0 });
    expect(settleAt(0, 7)).toEqual(exact);
  });

  it('moves nothing when it may not', () => {
    expect(settleAt(0, 0)).toMatchObject({ iterations: 0, centroids: START });
  });

  it('gives an empty cluster a row, however little that gains, and stops when nothing is left to gain', () => {
    const line = rowMatrix(1, Float64Array.of(0, 0, 0, 10));
    const space = new ClusteringSpace(1, 3);
    const rules = { maxIterations: 50, leastGain: 0.9 };
    expect([...settle(space, line, rowMatrix(1, Float64Array.of(1, 90, 95)), rules).sizes]).toEqual([3, 1, 0]);
    expect(settle(space, line, rowMatrix(1, Float64Array.of(0, 10, 95)), rules).iterations).toBe(0);
  });
});
