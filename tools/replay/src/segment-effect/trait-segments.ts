import type { Rng } from '@vitrine/kernel';
import { clusterRows, compilePipeline, fitPipeline, silhouetteScore, type CompiledPipeline, type RowMatrix } from '@vitrine/segment';
import { streamOf } from './arrivals';
import { alignAxes, keepNumbers } from './keep-meaning';
import { principalAxes, projectRows, type PrincipalAxes } from './principal-axes';
import { traitPipelineSpec, traitTable } from './trait-table';
import type { Visitor, VisitorWorld } from './visitor-world';

export interface SegmentationSettings {
  /** Coordinates of the embedding, in which groups are found. */
  readonly coordinates: number;
  /** Most segments of one model; at least two are tried. */
  readonly mostSegments: number;
  /** Each segment of a chosen number holds at least this share of the people it was found among, if any number allows that. */
  readonly leastShare: number;
  /** Every so many-th person is held out when the number of segments is chosen. */
  readonly holdOutEvery: number;
  readonly restarts: number;
}

/** What one training learned from the traits of the people who were there. */
export interface TraitSegments {
  /** How many people it learned from. */
  readonly people: number;
  readonly segments: number;
  /** Segment numbers given by this model and those before it: 0 .. used - 1. */
  readonly used: number;
  /** Coordinates of people, shape [people][coordinates], in units of the spread of those it learned from. */
  embed(people: readonly Visitor[]): RowMatrix;
  /** Segment number of each. */
  assign(people: readonly Visitor[]): Int32Array;
}

export interface TrainingRequest {
  readonly world: VisitorWorld;
  readonly people: readonly Visitor[];
  /** The model before this one: segments and coordinates keep its meaning where they are found again. Null for none. */
  readonly previous: TraitSegments | null;
  readonly settings: SegmentationSettings;
  readonly seed: number;
}

const MOST_PASSES = 50;

/**
 * Learns segments and an embedding from traits alone: scaled and one-hot columns, their principal components, k-means among those. The number
 * of segments is the one with the highest silhouette on held-out people; the model is then fitted on all.
 */
export function trainTraitSegments({ world, people, previous, settings, seed }: TrainingRequest): TraitSegments {
  const table = traitTable(world, people);
  const { pipeline, rows } = fitPipeline(traitPipelineSpec(table), table, { seed });
  const found = principalAxes(rows, settings.coordinates);
  const axes = previous === null ? found : alignAxes(found, rows, previous.embed(people));
  const rng = streamOf(seed, 'training');
  const places = projectRows(rows, axes);
  const k = chooseSegments(places, settings, rng);
  const { centroids, labels } = clusterRows(places, { k, restarts: settings.restarts, maxIterations: MOST_PASSES }, rng);
  const used = previous?.used ?? 0;
  const before = previous === null ? labels : previous.assign(people);
  const numbers = keepNumbers({ labels, groups: centroids.rows }, { before, used });
  return compiledSegments({ world, pipeline: compilePipeline(pipeline), axes, centroids, numbers, people: people.length, used });
}

interface Learned {
  readonly world: VisitorWorld;
  readonly pipeline: CompiledPipeline;
  readonly axes: PrincipalAxes;
  readonly centroids: RowMatrix;
  readonly numbers: Int32Array;
  readonly people: number;
  readonly used: number;
}

function compiledSegments({ world, pipeline, axes, centroids, numbers, people, used }: Learned): TraitSegments {
  const place = (some: readonly Visitor[]) => projectRows(pipeline.transformTable(traitTable(world, some)), axes);
  const scales = axes.variances.map((variance) => (variance > 0 ? 1 / Math.sqrt(variance) : 0));
  return {
    people,
    segments: centroids.rows,
    used: numbers.reduce((most, number) => Math.max(most, number + 1), used),
    embed: (some) => {
      const places = place(some);
      return { ...places, values: places.values.map((value, at) => value * (scales[at % places.columns] ?? 0)) };
    },
    assign: (some) => nearest(place(some), centroids).map((group) => numbers[group] ?? 0),
  };
}

function chooseSegments(places: RowMatrix, settings: SegmentationSettings, rng: Rng): number {
  const { holdOutEvery, mostSegments, leastShare, restarts } = settings;
  const heldOut = everyRow(places, (row) => row % holdOutEvery === holdOutEvery - 1);
  const fitted = everyRow(places, (row) => row % holdOutEvery !== holdOutEvery - 1);
  const choices: { readonly k: number; readonly score: number; readonly large: boolean }[] = [];
  for (let k = 2; k <= mostSegments; k++) {
    const { centroids, sizes } = clusterRows(fitted, { k, restarts, maxIterations: MOST_PASSES }, rng);
    const score = silhouetteScore(heldOut, nearest(heldOut, centroids), centroids.rows);
    choices.push({ k, score, large: Math.min(...sizes) >= leastShare * fitted.rows });
  }
  const allowed = choices.some(({ large }) => large) ? choices.filter(({ large }) => large) : choices;
  return allowed.reduce((best, choice) => (choice.score > best.score ? choice : best), { k: 2, score: Number.NEGATIVE_INFINITY }).k;
}

function everyRow({ rows, columns, values }: RowMatrix, isWanted: (row: number) => boolean): RowMatrix {
  const wanted = Array.from({ length: rows }, (_, row) => row).filter(isWanted);
  const taken = new Float64Array(wanted.length * columns);
  wanted.forEach((row, at) => taken.set(values.subarray(row * columns, (row + 1) * columns), at * columns));
  return { rows: wanted.length, columns, values: taken };
}

/** Nearest centroid of every row, the first of equals. */
function nearest({ rows, columns, values }: RowMatrix, centroids: RowMatrix): Int32Array {
  const distance = (row: number, centroid: number): number => {
    let sum = 0;
    for (let c = 0; c < columns; c++) sum += ((values[row * columns + c] ?? 0) - (centroids.values[centroid * columns + c] ?? 0)) ** 2;
    return sum;
  };
  return Int32Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let centroid = 1; centroid < centroids.rows; centroid++) if (distance(row, centroid) < distance(row, best)) best = centroid;
    return best;
  });
}
