import { rngFromNumber, type Rng } from '@vitrine/kernel';
import { rowMatrix, squaredDistance, type RowMatrix } from '../row-matrix';
import { ClusteringSpace } from './clustering-kernel';
import { seedGreedily } from './seeding';

const rng = rngFromNumber(5);
const SQUARE = rowMatrix(
  2,
  Float64Array.from({ length: 1_400 }, () => rng() * rng()),
);

/** The definition, word by word: of 2 + ln k rows drawn in proportion to their distances, the one that leaves the least sum. */
function naive(data: RowMatrix, k: number, draw: Rng): readonly number[] {
  const chosen = [Math.floor(draw() * data.rows)];
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const distancesTo = (centroids: readonly number[]): readonly number[] =>
    Array.from({ length: data.rows }, (_, row) => Math.min(...centroids.map((centroid) => squaredDistance(data, row, data, centroid))));
  while (chosen.length < k) {
    const closest = distancesTo(chosen);
    const targets = Array.from({ length: 2 + Math.floor(Math.log(k)) }, () => draw() * sum(closest)).sort((a, b) => a - b);
    let best = { row: -1, left: Number.POSITIVE_INFINITY };
    for (const target of targets) {
      let passed = 0;
      const row = closest.findIndex((distance) => (passed += distance) > target);
      const left = sum(distancesTo([...chosen, row]));
      if (left < best.left) best = { row, left };
    }
    chosen.push(best.row);
  }
  return chosen;
}

describe('seedGreedily', () => {
  it.each([
    ['trials that fit into one group of the kernel', 6],
    ['more trials than a group holds', 60],
  ])('chooses the rows that the definition chooses: %s', (_name, k) => {
    const seeds = seedGreedily(new ClusteringSpace(2, k), SQUARE, { k, rng: rngFromNumber(9) });
    const expected = naive(SQUARE, k, rngFromNumber(9)).flatMap((row) => [...SQUARE.values.subarray(2 * row, 2 * row + 2)]);
    expect([...seeds.values]).toEqual(expected);
  });

  it('stops when every row is a centroid', () => {
    const seeds = seedGreedily(new ClusteringSpace(1, 5), rowMatrix(1, Float64Array.of(1, 4, 1, 4, 9)), { k: 5, rng: rngFromNumber(1) });
    expect([...seeds.values].sort()).toEqual([1, 4, 9]);
  });
});
