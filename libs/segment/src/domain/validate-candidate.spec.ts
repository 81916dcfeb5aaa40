import { rngFromNumber } from '@vitrine/kernel';
import { syntheticRow } from '../testing/synthetic-rows.fixture';
import { fitSegmentModel } from './fit-segment-model';
import { rowMatrix, type RowMatrix } from './row-matrix';
import { runToEnd } from './steps';
import { DEFAULT_TRAINING_SETTINGS } from './training-run';
import { judgeCandidate, measureCandidate, type GateEvidence } from './validate-candidate';

const KINDS = [
  [0, 0],
  [10, 0],
  [0, 10],
];
function rows(count: number, seed: number): RowMatrix {
  const rng = rngFromNumber(seed);
  return rowMatrix(2, Float64Array.from(Array.from({ length: count }, (_, at) => [...syntheticRow(at, KINDS, 1, rng)]).flat()));
}
const fit = (maxSegments: number) =>
  runToEnd(
    fitSegmentModel({
      train: rows(900, 1),
      tune: rows(200, 2),
      featureNames: ['x', 'y'],
      settings: { ...DEFAULT_TRAINING_SETTINGS, maxSegments },
      seed: 1,
    }),
  );

describe('measureCandidate', () => {
  const [good, poor] = [fit(6), fit(2)];
  const heldOut = rows(300, 3);

  it('scores both models on the same rows, so that a model against itself ties exactly', () => {
    const evidence = runToEnd(measureCandidate(heldOut, { candidate: good, live: good }, DEFAULT_TRAINING_SETTINGS));
    expect(evidence.liveSilhouette).toBe(evidence.silhouette);
    expect(evidence.heldOutRows).toBe(300);
    expect(evidence.smallestHeldOutShare).toBeCloseTo(1 / 3, 2);
    expect(evidence.inertiaPerRow / evidence.trainInertiaPerRow).toBeCloseTo(1, 0);
    expect(judgeCandidate(evidence, DEFAULT_TRAINING_SETTINGS.gate)).toBeNull();
  });

  it('refuses a candidate that groups worse than the live model, and accepts the reverse', () => {
    const worse = runToEnd(measureCandidate(heldOut, { candidate: poor, live: good }, DEFAULT_TRAINING_SETTINGS));
    const better = runToEnd(measureCandidate(heldOut, { candidate: good, live: poor }, DEFAULT_TRAINING_SETTINGS));
    expect(judgeCandidate(worse, DEFAULT_TRAINING_SETTINGS.gate)).toMatch(/^WORSE_THAN_LIVE/);
    expect(judgeCandidate(better, DEFAULT_TRAINING_SETTINGS.gate)).toBeNull();
  });

  it('does not compare with a model over other features', () => {
    const live = { ...good, featureNames: ['x', 'z'] };
    expect(runToEnd(measureCandidate(heldOut, { candidate: poor, live }, DEFAULT_TRAINING_SETTINGS)).liveSilhouette).toBeNull();
  });
});

describe('judgeCandidate', () => {
  const rules = { minSilhouette: 0.1, minShare: 0.05, maxInertiaGrowth: 0.2, margin: 0.02 };
  const sound: GateEvidence = {
    heldOutRows: 1_000,
    silhouette: 0.4,
    liveSilhouette: 0.42,
    inertiaPerRow: 1.2,
    inertiaStandardError: 0,
    trainInertiaPerRow: 1,
    smallestTrainShare: 0.05,
    smallestHeldOutShare: 0.025,
  };

  it('accepts a candidate that stands exactly on every limit', () => {
    expect(judgeCandidate(sound, rules)).toBeNull();
    expect(judgeCandidate({ ...sound, liveSilhouette: null }, rules)).toBeNull();
  });

  it.each([
    ['NO_STRUCTURE', { silhouette: 0.099, liveSilhouette: null }],
    ['SEGMENT_TOO_SMALL', { smallestTrainShare: 0.049 }],
    ['SEGMENT_TOO_SMALL', { smallestHeldOutShare: 0.024 }],
    ['DOES_NOT_HOLD', { inertiaPerRow: 1.21 }],
    ['WORSE_THAN_LIVE', { liveSilhouette: 0.43 }],
  ])('refuses with %s', (rule, change) => {
    expect(judgeCandidate({ ...sound, ...change }, rules)).toMatch(new RegExp(`^${rule}: .*\\d`));
  });

  it('takes inertia above the limit for chance where its standard error allows it', () => {
    expect(judgeCandidate({ ...sound, inertiaPerRow: 1.3, inertiaStandardError: 0.1 }, rules)).toBeNull();
    expect(judgeCandidate({ ...sound, inertiaPerRow: 1.3, inertiaStandardError: 0.01 }, rules)).toMatch(/^DOES_NOT_HOLD/);
  });

  it('draws no conclusion about shares from a handful of held-out rows', () => {
    expect(judgeCandidate({ ...sound, heldOutRows: 199, smallestHeldOutShare: 0 }, rules)).toBeNull();
  });
});
