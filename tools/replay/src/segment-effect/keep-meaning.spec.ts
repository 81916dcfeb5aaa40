import { rngFromNumber } from '@vitrine/kernel';
import type { RowMatrix } from '@vitrine/segment';
import { alignAxes, keepNumbers } from './keep-meaning';
import { principalAxes, projectRows } from './principal-axes';

const numbers = (labels: readonly number[], groups: number, before: readonly number[], used: number): number[] => [
  ...keepNumbers({ labels: Int32Array.from(labels), groups }, { before: Int32Array.from(before), used }),
];

describe('segment numbers over trainings', () => {
  it('start from 0', () => {
    expect(numbers([0, 1, 2], 3, [], 0)).toEqual([0, 1, 2]);
  });

  it('follow the people when groups come back in another order', () => {
    expect(numbers([1, 1, 1, 0, 0, 2, 2], 3, [0, 0, 0, 1, 1, 2, 2], 3)).toEqual([1, 0, 2]);
  });

  it('give a group that split off a number that was never used, although an older model gave up some', () => {
    // Segment 0 of six people: four of them are group 0 now, two are group 1. Number 1 was given once, to nobody who is here.
    expect(numbers([0, 0, 0, 0, 1, 1], 2, [0, 0, 0, 0, 0, 0], 2)).toEqual([0, 2]);
  });

  it('are not kept by a group that is mostly other people', () => {
    expect(numbers([0, 0, 0, 0, 0, 1], 2, [0, 1, 2, 3, 4, 0], 5)).toEqual([5, 0]);
  });
});

describe('axes over trainings', () => {
  it('lie and point where those lay that they are most like, with the same distances', () => {
    const rng = rngFromNumber(3);
    const rows: RowMatrix = { rows: 40, columns: 3, values: Float64Array.from({ length: 120 }, (_, at) => rng() * 3 ** (at % 3)) };
    const found = principalAxes(rows, 3);
    const now = projectRows(rows, found);
    /** The coordinates in another order, times factors. */
    const shuffled = (factors: readonly number[]): Float64Array =>
      now.values.map((_, at) => (factors[at % 3] ?? 0) * (now.values[at - (at % 3) + ([2, 0, 1][at % 3] ?? 0)] ?? 0));
    // An earlier model called the same coordinates so, two of them turned round, one in another unit.
    const aligned = projectRows(rows, alignAxes(found, rows, { ...now, values: shuffled([-1, 1, -2]) }));
    const expected = shuffled([-1, 1, -1]);
    aligned.values.forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 12));
  });
});
