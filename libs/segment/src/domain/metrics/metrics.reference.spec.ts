import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowMatrix } from '../row-matrix';
import { adjustedRandIndex } from './adjusted-rand-index';
import { averagePrecision } from './average-precision';
import { calibration } from './calibration';
import { calinskiHarabasz, daviesBouldin } from './cluster-separation';
import { normalizedMutualInformation } from './normalized-mutual-information';
import { brierScore, logLoss } from './probability-loss';
import { rocAuc, rocAucInterval } from './roc-auc';
import { silhouetteScore } from './silhouette-score';

interface RankingCase {
  readonly name: string;
  readonly scores: readonly number[];
  readonly target: readonly number[];
  readonly rocAuc: number;
  readonly interval: { readonly z: number; readonly standardError: number; readonly lower: number; readonly upper: number };
  readonly averagePrecision: number;
  readonly logLoss: number;
  readonly brierScore: number;
  readonly calibration: {
    readonly bins: number;
    readonly rows: readonly number[];
    readonly meanPredicted: readonly number[];
    readonly observed: readonly number[];
  };
}

interface Reference {
  readonly ranking: readonly RankingCase[];
  readonly labellings: readonly {
    readonly name: string;
    readonly a: readonly number[];
    readonly b: readonly number[];
    readonly adjustedRandIndex: number;
    readonly normalizedMutualInformation: number;
  }[];
  readonly mixture: { readonly rows: readonly (readonly number[])[] };
  readonly separation: readonly {
    readonly labels: readonly number[];
    readonly clusters: number;
    readonly silhouetteScore: number;
    readonly calinskiHarabasz: number;
    readonly daviesBouldin: number;
  }[];
}

const PATH = join(__dirname, '../../../../../data/reference/segment/models.json');
const reference = JSON.parse(readFileSync(PATH, 'utf8')) as Reference;
const DIGITS = 10;

/** Within 1e-8 of the stored value, relative where that is above 1. */
function expectClose(actual: number | undefined, expected: number): void {
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-8 * Math.max(1, Math.abs(expected)));
}

describe('metrics equal scikit-learn', () => {
  it.each(reference.ranking.map((entry) => [entry.name, entry] as const))('on scores: %s', (_, entry) => {
    const scores = Float64Array.from(entry.scores);
    const target = Float64Array.from(entry.target);
    expectClose(rocAuc(scores, target), entry.rocAuc);
    expectClose(averagePrecision(scores, target), entry.averagePrecision);
    expectClose(logLoss(scores, target), entry.logLoss);
    expectClose(brierScore(scores, target), entry.brierScore);
  });

  it.each(reference.ranking.map((entry) => [entry.name, entry] as const))('on the interval of the AUC by all pairs: %s', (_, entry) => {
    const interval = rocAucInterval(Float64Array.from(entry.scores), Float64Array.from(entry.target), entry.interval.z);
    expectClose(interval.auc, entry.rocAuc);
    expectClose(interval.standardError, entry.interval.standardError);
    expectClose(interval.lower, entry.interval.lower);
    expectClose(interval.upper, entry.interval.upper);
  });

  it.each(reference.ranking.map((entry) => [entry.name, entry] as const))('on calibration in bins: %s', (_, entry) => {
    const { bins } = calibration(Float64Array.from(entry.scores), Float64Array.from(entry.target), { bins: entry.calibration.bins, z: 2 });
    expect(bins.map(({ rows }) => rows)).toEqual(entry.calibration.rows);
    bins.forEach(({ meanPredicted, observed }, bin) => {
      expectClose(meanPredicted, entry.calibration.meanPredicted[bin] ?? Number.NaN);
      expectClose(observed.value, entry.calibration.observed[bin] ?? Number.NaN);
    });
  });

  it.each(reference.labellings.map((entry) => [entry.name, entry] as const))('on two labellings: %s', (_, entry) => {
    const a = Int32Array.from(entry.a);
    const b = Int32Array.from(entry.b);
    expect(adjustedRandIndex(a, b)).toBeCloseTo(entry.adjustedRandIndex, DIGITS);
    expect(normalizedMutualInformation(a, b)).toBeCloseTo(entry.normalizedMutualInformation, DIGITS);
  });

  it.each(reference.separation.map((entry) => [entry.clusters, entry] as const))('on the separation of %i clusters', (clusters, entry) => {
    const rows = rowMatrix(3, Float64Array.from(reference.mixture.rows.flat()));
    const labels = Int32Array.from(entry.labels);
    expectClose(silhouetteScore(rows, labels, clusters), entry.silhouetteScore);
    expectClose(calinskiHarabasz(rows, labels, clusters), entry.calinskiHarabasz);
    expectClose(daviesBouldin(rows, labels, clusters), entry.daviesBouldin);
  });
});
