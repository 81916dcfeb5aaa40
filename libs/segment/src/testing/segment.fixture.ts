import { DEFAULT_TRAINING_SETTINGS, type ExtractedPartition, type TrainingRun, type TrainingSettings } from '../domain/training-run';
import type { TrialScore } from '../domain/search/trial-score';
import type { SegmentModel, SegmentSummary } from '../domain/types';

/** Builders of specs; never part of the public API. */
export function aSegment(over: Partial<SegmentSummary> = {}): SegmentSummary {
  return { id: 'seg-0', name: 'Average', description: 'Near the average in everything.', share: 1, size: 0, rate: null, ...over };
}

/** Over one feature `x`, which is its own coordinate: below 0 is `seg-0`, above is `seg-1`. */
export function aSegmentModel(over: Partial<SegmentModel> = {}): SegmentModel {
  return {
    ...{ version: 1, status: 'PUBLISHED', featureNames: ['x'], clusterer: { kind: 'K_MEANS', middles: [[-1], [1]] } },
    pipeline: {
      version: 1,
      columns: [{ name: 'x', kind: 'NUMERIC' }],
      steps: [{ kind: 'impute', columns: ['x'], fills: [0], indicated: [] }],
      outputNames: ['x'],
    },
    segments: [aSegment({ share: 0.5, name: 'Low x' }), aSegment({ id: 'seg-1', share: 0.5, name: 'High x' })],
    ...{ nextSegment: 2, response: null },
    reference: { features: [{ name: 'x', edges: [0], shares: [0.5, 0.5, 0] }], segments: { 'seg-0': 0.5, 'seg-1': 0.5 } },
    configuration: { algorithm: 'K_MEANS', segments: 2, scaling: 'STANDARD', dimensions: 1 },
    ...{ metrics: { tuneSilhouette: 0.5 }, trainedRows: 100, seed: 1, fingerprint: 'ab12', parentVersion: null },
    ...{ codeVersion: 'test', createdAt: 0, refusal: null },
    ...over,
  };
}

export function aTrainingRun(over: Partial<TrainingRun> = {}): TrainingRun {
  return {
    ...{ id: 'run-1', kind: 'TRAIN', trigger: 'MANUAL', status: 'RUNNING', step: 'EXTRACT', partitions: 2, seed: 1, modelVersion: 1 },
    ...{ parentVersion: null, codeVersion: 'test', settings: DEFAULT_TRAINING_SETTINGS, featureNames: ['x'] },
    ...{ configurations: [], trials: {}, chosen: null, fingerprint: null, log: {}, extracted: {}, assigned: {}, failure: null },
    ...{ startedAt: 0, updatedAt: 0, finishedAt: null },
    ...over,
  };
}

export function anExtraction(over: Partial<ExtractedPartition> = {}): ExtractedPartition {
  return { attempt: 'a', train: 7, tune: 2, test: 1, dropped: 3, responses: { TRAIN: 4, TUNE: 1, TEST: 1 }, ...over };
}

export function aTrialScore(over: Partial<TrialScore> = {}): TrialScore {
  return {
    ...{ segments: 3, silhouette: 0.5, stability: 0.9, smallestShare: 0.2, bic: null },
    ...{ responseGain: null, rows: 2_000, obstacle: null },
    ...over,
  };
}

/** A search of a few seconds less: three numbers of segments, one rung, few rows. */
export function quickSettings(over: Partial<TrainingSettings> = {}): TrainingSettings {
  const search = {
    ...DEFAULT_TRAINING_SETTINGS.search,
    minSegments: 2,
    maxSegments: 5,
    configurations: 4,
    rungs: 2,
    firstRows: 300,
    resamples: 2,
  };
  return { ...DEFAULT_TRAINING_SETTINGS, search, restarts: 2, silhouetteRows: 200, ...over };
}
