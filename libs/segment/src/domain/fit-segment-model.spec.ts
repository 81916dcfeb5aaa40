import { rngFromNumber } from '@vitrine/kernel';
import { syntheticRow, type Archetype } from '../testing/synthetic-rows.fixture';
import { fitSegmentModel } from './fit-segment-model';
import { rowMatrix, type RowMatrix } from './row-matrix';
import { createAssigner } from './segment-assigner';
import { benchAssigner } from './segment-assigner.bench';
import { runPausing, runToEnd } from './steps';
import { DEFAULT_TRAINING_SETTINGS } from './training-run';

const NAMES = ['visits', 'purchases', 'constant'];
const KINDS: readonly Archetype[] = [
  [0, 0, 7],
  [10, 0, 7],
  [0, 10, 7],
  [10, 10, 7],
];

function rows(count: number, seed: number, spread = 1): RowMatrix {
  const rng = rngFromNumber(seed);
  const values = Array.from({ length: count }, (_, at) => [...syntheticRow(at, KINDS, spread, rng).subarray(0, 2), 7]);
  return rowMatrix(3, Float64Array.from(values.flat()));
}

const request = { train: rows(2_000, 1), tune: rows(400, 2), featureNames: NAMES, settings: DEFAULT_TRAINING_SETTINGS, seed: 5 };

describe('fitSegmentModel', () => {
  const model = runToEnd(fitSegmentModel(request));
  const assigner = createAssigner({ ...model, version: 3 });

  it('finds how many kinds of rows there are', () => {
    expect(model.segments.map((segment) => segment.id)).toEqual(['seg-0', 'seg-1', 'seg-2', 'seg-3']);
    expect(model.metrics['tuneSilhouette']).toBeGreaterThan(0.7);
  });

  it('finds the kinds themselves: fresh rows of one kind land in one segment, of two kinds in two', () => {
    const fresh = rows(400, 3);
    const segmentsOfKind = KINDS.map(
      (_, kind) =>
        new Set(Array.from({ length: 100 }, (__, i) => assigner.assign(fresh.values.slice((i * 4 + kind) * 3, (i * 4 + kind + 1) * 3)))),
    );
    expect(segmentsOfKind.map((segments) => segments.size)).toEqual([1, 1, 1, 1]);
    expect(new Set(segmentsOfKind.flatMap((segments) => [...segments])).size).toBe(4);
  });

  it('orders segments by size, with shares that sum to 1 and names of their own', () => {
    const shares = model.segments.map((segment) => segment.share);
    expect(shares.toSorted((a, b) => b - a)).toEqual(shares);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(new Set(model.segments.map((segment) => segment.name)).size).toBe(4);
    expect(model.segments.map((segment) => segment.name)).toContain('High purchases, high visits');
  });

  it('gives the same model for the same request, paused or not', async () => {
    let pauses = 0;
    const paused = await runPausing(fitSegmentModel(request), () => Promise.resolve(void pauses++));
    expect(paused).toEqual(model);
    expect(pauses).toBeGreaterThan(0);
  });

  it('ignores what never varied in training', () => {
    expect(model.scale[2]).toBe(0);
    expect(assigner.assign(Float64Array.of(10, 10, 1e9))).toBe(assigner.assign(Float64Array.of(10, 10, 7)));
  });

  it('makes one segment of rows that are all the same', () => {
    const same = rowMatrix(3, new Float64Array(300).fill(1));
    expect(runToEnd(fitSegmentModel({ ...request, train: same, tune: same })).segments).toMatchObject([
      { id: 'seg-0', name: 'Average', share: 1 },
    ]);
  });
});

describe('createAssigner', () => {
  const model = { version: 1, center: [0], scale: [1], clip: 6, centroids: [[-1], [1]], segments: [], metrics: {} };
  const segments = [
    { id: 'seg-0', name: 'a', share: 0.5, size: 0 },
    { id: 'seg-1', name: 'b', share: 0.5, size: 0 },
  ];
  const assigner = createAssigner({ ...model, segments });

  it('gives ties and values that are no numbers to the first segment', () => {
    expect(assigner.assign(Float64Array.of(0))).toBe('seg-0');
    expect(assigner.assign(Float64Array.of(Number.NaN))).toBe('seg-0');
    expect(assigner.assign(Float64Array.of(Number.POSITIVE_INFINITY))).toBe('seg-1');
  });

  it('takes less than 20 microseconds', () => {
    expect(benchAssigner(50_000).assignMicros).toBeLessThan(20);
  });

  it('refuses features of another shape', () => {
    expect(() => assigner.assign(new Float64Array(2))).toThrow('features match the model');
    expect(() => createAssigner({ ...model, centroids: [], segments })).toThrow('a model has centroids');
  });
});
