import { assertNever, rngFromNumber, type Rng } from '@vitrine/kernel';
import type { Clusterer } from '../clustering/clusterer';
import { compileClusterer } from '../clustering/clusterer';
import { clusterRows } from '../clustering/k-means';
import { fitGaussianMixture } from '../models/gaussian-mixture';
import { takeRows, type RowMatrix } from '../row-matrix';
import type { RfmColumns } from '../models/rfm-segments';
import type { SegmentConfiguration } from '../search/configuration';
import { groupByRules } from './group-by-rules';
import { sampleOrder } from './sample-order';

export interface Grouping {
  readonly clusterer: Clusterer;
  readonly labels: Int32Array;
  /** Rows per group, largest group first. */
  readonly sizes: readonly number[];
  /** Bayesian information criterion per row; null but for a mixture. */
  readonly bic: number | null;
  readonly iterations: number;
}

export interface GroupingOptions extends Pick<SegmentConfiguration, 'algorithm' | 'segments'> {
  readonly restarts: number;
  readonly maxIterations: number;
  /** Where the rules find what they read; for RFM alone. */
  readonly rfmColumns?: RfmColumns | null;
}

/** Finds groups among coordinates and orders them by size, largest first; groups that nobody is in are left out. */
export function groupRows(rows: RowMatrix, options: GroupingOptions, rng: Rng): Grouping {
  const found = findGroups(rows, options, rng);
  const labels = assignGroups(rows, found.clusterer);
  const sizes = countLabels(labels, found.clusterer.middles.length);
  const order = sizes.map((_, group) => group).filter((group) => (sizes[group] ?? 0) > 0);
  order.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0) || a - b);
  const rank = new Map(order.map((group, at) => [group, at]));
  return {
    ...found,
    clusterer: reorder(found.clusterer, order),
    labels: labels.map((group) => rank.get(group) ?? 0),
    sizes: order.map((group) => sizes[group] ?? 0),
  };
}

function findGroups(rows: RowMatrix, options: GroupingOptions, rng: Rng): Pick<Grouping, 'clusterer' | 'bic' | 'iterations'> {
  switch (options.algorithm) {
    case 'K_MEANS':
      return byKMeans(rows, options, rng);
    case 'GAUSSIAN_MIXTURE':
      return byMixture(rows, options, rng);
    case 'RFM':
      return { clusterer: groupByRules(rows, options.rfmColumns ?? null), bic: null, iterations: 0 };
    default:
      return assertNever(options.algorithm);
  }
}

function byKMeans(rows: RowMatrix, { segments, restarts, maxIterations }: GroupingOptions, rng: Rng) {
  const { centroids, iterations } = clusterRows(rows, { k: segments, restarts, maxIterations }, rng);
  const middles = Array.from({ length: centroids.rows }, (_, at) => rowOf(centroids, at));
  return { clusterer: { kind: 'K_MEANS', middles } satisfies Clusterer, bic: null, iterations };
}

/** A mixture looks at every row and component at once in every pass: from here on it is fitted to rows that are drawn. */
const MIXTURE_ROWS = 50_000;
const MIXTURE = { covariance: 'DIAGONAL', tolerance: 1e-3, regularisation: 1e-4 } as const;

function byMixture(rows: RowMatrix, { segments, restarts, maxIterations }: GroupingOptions, rng: Rng) {
  const seen = rows.rows <= MIXTURE_ROWS ? rows : takeRows(rows, sampleOrder(rows.rows, MIXTURE_ROWS, rng));
  const components = Math.min(segments, seen.rows);
  const fits = Array.from({ length: restarts }, () => {
    const start = { seed: Math.floor(rng() * 2 ** 32) };
    return fitGaussianMixture(seen, { ...MIXTURE, components, start, maxIterations });
  });
  const found = fits.reduce((best, fit) => (fit.logLikelihood > best.logLikelihood ? fit : best));
  const { means: middles, weights, covariances: variances } = found;
  return {
    clusterer: { kind: 'GAUSSIAN_MIXTURE', middles, weights, variances } satisfies Clusterer,
    bic: found.bic / seen.rows,
    iterations: found.iterations,
  };
}

const rowOf = ({ columns, values }: RowMatrix, row: number): readonly number[] =>
  Array.from(values.subarray(row * columns, (row + 1) * columns));

function reorder(clusterer: Clusterer, order: readonly number[]): Clusterer {
  const take = <T>(items: readonly T[]): T[] => order.flatMap((group) => items.slice(group, group + 1));
  const middles = take(clusterer.middles);
  if (clusterer.kind === 'K_MEANS') return { ...clusterer, middles };
  if (clusterer.kind === 'RFM') return { ...clusterer, middles, groups: clusterer.groups.map((group) => order.indexOf(group)) };
  return { ...clusterer, middles, weights: take(clusterer.weights), variances: take(clusterer.variances) };
}

/** Group of every row. */
export function assignGroups({ rows, columns, values }: RowMatrix, clusterer: Clusterer): Int32Array {
  const groupOf = compileClusterer(clusterer);
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) labels[row] = groupOf(values, row * columns);
  return labels;
}

/** Rows per group, shape [groups]. */
export function countLabels(labels: Int32Array, groups: number): number[] {
  const counts = new Array<number>(groups).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** A generator for one part of a training: parts draw alike whatever the others drew. */
export function partRng(seed: number, part: number): Rng {
  return rngFromNumber((seed * 1_000_003 + part * 7_919 + 17) % 2 ** 32);
}
