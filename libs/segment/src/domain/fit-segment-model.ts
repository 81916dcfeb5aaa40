import { invariant, rngFromNumber, shuffledOrder, type Rng } from '@vitrine/kernel';
import { assignNearest, kMeans, type Clustering } from './k-means';
import { takeRows, type RowMatrix } from './row-matrix';
import { nameSegments } from './segment-names';
import { silhouette } from './silhouette';
import { fitScaling, scaleRows } from './standard-scaler';
import type { Steps } from './steps';
import type { TrainingSettings } from './training-run';
import type { SegmentModel } from './types';

export type FittedModel = Pick<
  SegmentModel,
  'featureNames' | 'center' | 'scale' | 'clip' | 'centroids' | 'segments' | 'metrics' | 'trainedRows' | 'seed'
>;

export interface FitRequest {
  /** Raw features, at least one row. */
  readonly train: RowMatrix;
  /** Raw features of rows that the fit never sees; the number of segments is chosen on them. */
  readonly tune: RowMatrix;
  readonly featureNames: readonly string[];
  readonly settings: TrainingSettings;
  readonly seed: number;
}

/**
 * Clean rows to a model: standard scaling, number of segments by silhouette on the tuning rows, k-means on all training rows. The same
 * request gives the same model, bit for bit. Segments are ordered by size, largest first.
 */
export function* fitSegmentModel({ train, tune, featureNames, settings, seed }: FitRequest): Steps<FittedModel> {
  invariant(train.columns === featureNames.length && tune.columns === train.columns, 'one name per feature');
  const rng = rngFromNumber(seed);
  const scaling = fitScaling(train);
  const rows = scaleRows(train, scaling);
  const choice = yield* chooseK(
    sampleRows(rows, settings.searchRows, rng),
    sampleRows(scaleRows(tune, scaling), settings.silhouetteRows, rng),
    settings,
    rng,
  );
  const clustering = yield* kMeans(rows, { k: choice.k, restarts: settings.restarts, maxIterations: settings.maxIterations }, rng);
  const order = bySize(clustering);
  const centroids = order.map((cluster) =>
    Array.from(clustering.centroids.values.subarray(cluster * train.columns, (cluster + 1) * train.columns)),
  );
  const names = nameSegments(centroids, featureNames);
  return {
    featureNames,
    ...scaling,
    centroids,
    segments: order.map((cluster, index) => ({
      id: `seg-${index}`,
      name: names[index] ?? `Segment ${index}`,
      share: (clustering.sizes[cluster] ?? 0) / train.rows,
      size: 0,
    })),
    metrics: {
      segments: order.length,
      tuneSilhouette: choice.silhouette,
      trainInertiaPerRow: clustering.inertia / train.rows,
      iterations: clustering.iterations,
    },
    trainedRows: train.rows,
    seed,
  };
}

/** Which number of segments fits is settled long before the last rows are. */
const SEARCH_ITERATIONS = 20;

interface Choice {
  readonly k: number;
  readonly silhouette: number;
  readonly smallestShare: number;
}

/** Highest silhouette among those whose segments are all large enough, or of all when none is; the smaller number of equals. */
function* chooseK(search: RowMatrix, judge: RowMatrix, settings: TrainingSettings, rng: Rng): Steps<Choice> {
  const choices: Choice[] = [];
  for (let k = settings.minSegments; k <= settings.maxSegments; k++) {
    const found = yield* kMeans(search, { k, restarts: settings.restarts, maxIterations: SEARCH_ITERATIONS }, rng);
    const labels = new Int32Array(judge.rows);
    yield* assignNearest(judge, found.centroids, labels, new Float64Array(judge.rows));
    const score = yield* silhouette(judge, labels, found.centroids.rows);
    choices.push({ k, silhouette: score, smallestShare: Math.min(...found.sizes) / search.rows });
    if (found.centroids.rows < k) break; // no more distinct rows: a larger number finds the same
  }
  const large = choices.filter((choice) => choice.smallestShare >= settings.gate.minShare);
  const [first, ...rest] = large.length > 0 ? large : choices;
  invariant(first !== undefined, 'the range of segment numbers is not empty');
  return rest.reduce((best, choice) => (choice.silhouette > best.silhouette ? choice : best), first);
}

/** At most `limit` rows, without replacement, in random order; all of them in their own order when they are few. */
export function sampleRows(matrix: RowMatrix, limit: number, rng: Rng): RowMatrix {
  return matrix.rows <= limit ? matrix : takeRows(matrix, shuffledOrder(matrix.rows, rng).subarray(0, limit));
}

function bySize({ sizes }: Clustering): readonly number[] {
  return Array.from(sizes, (_, cluster) => cluster).sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
}
