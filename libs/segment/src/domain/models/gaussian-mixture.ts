import { DomainError, invariant, rngFromNumber } from '@vitrine/kernel';
import { seedRows } from '../clustering/k-means';
import { squaredDistance, type RowMatrix } from '../row-matrix';
import { compileLogDensities, logSumExp } from './gaussian-density';

export const COVARIANCES = ['DIAGONAL', 'FULL'] as const;
export type CovarianceKind = (typeof COVARIANCES)[number];

/** A sum of normal distributions, plain JSON. */
export interface GaussianMixtureModel {
  readonly covariance: CovarianceKind;
  /** Share of each component, shape [k], sums to 1. */
  readonly weights: readonly number[];
  /** Shape [k][d]. */
  readonly means: readonly (readonly number[])[];
  /** Per component: variances, shape [d], for DIAGONAL; the row-major matrix, shape [d * d], for FULL. */
  readonly covariances: readonly (readonly number[])[];
}

export interface FittedMixture extends GaussianMixtureModel {
  /** Summed over the training rows, in nats. */
  readonly logLikelihood: number;
  /** Lower is better for both: -2 logLikelihood plus ln(rows), or 2, per free parameter. */
  readonly bic: number;
  readonly aic: number;
  readonly iterations: number;
  /** False when `maxIterations` came first. */
  readonly converged: boolean;
}

export interface GaussianMixtureOptions {
  /** Wanted, >= 1; fewer come back when there are fewer distinct rows, or when a given mean is nearest to no row. */
  readonly components: number;
  readonly covariance: CovarianceKind;
  /** Means to start from, or the seed of k-means++. */
  readonly start: RowMatrix | { readonly seed: number };
  readonly maxIterations: number;
  /** Change of the mean log-likelihood per row, in nats, at which it has converged. */
  readonly tolerance: number;
  /** Added to every variance, in squared units of the rows: no component can collapse onto a point. Positive. */
  readonly regularisation: number;
}

/** scikit-learn's guard against components without rows; kept, so that the numbers agree. */
const LEAST_WEIGHT = 10 * Number.EPSILON;

/**
 * Gaussian mixture by expectation maximisation. Each row first belongs to the nearest mean of the start; from then on to every component by
 * its share of the density. Deterministic in the rows' order and the start.
 *
 * @param rows shape [n][d], all finite
 * @throws FEATURE_VALUE_INVALID when a value is not finite; TOO_FEW_ROWS when there are fewer rows than components
 * @see Dempster, Laird & Rubin, JRSS B 39 (1977); Bishop, Pattern Recognition and Machine Learning (2006), section 9.2.2
 */
export function fitGaussianMixture(rows: RowMatrix, options: GaussianMixtureOptions): FittedMixture {
  checkRows(rows, options);
  const { first, memberships } = startOf(rows, options);
  let model = first;
  let before = -Infinity;
  let converged = false;
  let iterations = 0;
  while (!converged && iterations < options.maxIterations) {
    const logLikelihood = updateMemberships(rows, model, memberships);
    model = maximise(rows, memberships, options);
    iterations++;
    converged = Math.abs(logLikelihood / rows.rows - before) < options.tolerance;
    before = logLikelihood / rows.rows;
  }
  const logLikelihood = updateMemberships(rows, model, memberships);
  const penalty = freeParameters(model);
  return {
    ...model,
    logLikelihood,
    bic: -2 * logLikelihood + penalty * Math.log(rows.rows),
    aic: -2 * logLikelihood + 2 * penalty,
    iterations,
    converged,
  };
}

function checkRows({ rows, values }: RowMatrix, { components, regularisation }: GaussianMixtureOptions): void {
  invariant(components >= 1 && regularisation > 0, 'a mixture has components that cannot collapse');
  if (!values.every((value) => Number.isFinite(value)))
    throw new DomainError('FEATURE_VALUE_INVALID', 'a value of a mixture is not finite');
  if (rows >= components) return;
  throw new DomainError('TOO_FEW_ROWS', `${components} components need as many rows, there are ${rows}`, {
    details: { needed: components, found: rows },
  });
}

/** Hard memberships of the nearest mean, and what they make of the components. */
function startOf(rows: RowMatrix, options: GaussianMixtureOptions): { first: GaussianMixtureModel; memberships: Float64Array } {
  const { start, components } = options;
  const means = 'seed' in start ? seedRows(rows, components, rngFromNumber(start.seed)) : start;
  invariant(means.columns === rows.columns && means.rows <= components, 'a start has a mean per component');
  const labels = Int32Array.from({ length: rows.rows }, (_, row) => nearestMean(rows, row, means));
  const used = [...new Set(labels)].toSorted((a, b) => a - b);
  const memberships = new Float64Array(rows.rows * used.length);
  labels.forEach((label, row) => (memberships[row * used.length + used.indexOf(label)] = 1));
  return { first: maximise(rows, memberships, options), memberships };
}

function nearestMean(rows: RowMatrix, row: number, means: RowMatrix): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let mean = 0; mean < means.rows; mean++) {
    const distance = squaredDistance(rows, row, means, mean);
    if (distance >= least) continue;
    least = distance;
    best = mean;
  }
  return best;
}

/** Writes each row's membership of each component, shape [rows][k]; they sum to 1 per row. @returns the summed log-likelihood */
function updateMemberships({ rows, columns, values }: RowMatrix, model: GaussianMixtureModel, memberships: Float64Array): number {
  const k = model.weights.length;
  const logDensities = compileLogDensities(model);
  const row = new Float64Array(k);
  let logLikelihood = 0;
  for (let r = 0; r < rows; r++) {
    logDensities(values, r * columns, row);
    const total = logSumExp(row, k);
    logLikelihood += total;
    for (let component = 0; component < k; component++) memberships[r * k + component] = Math.exp((row[component] ?? 0) - total);
  }
  return logLikelihood;
}

function maximise(
  rows: RowMatrix,
  memberships: Float64Array,
  { covariance, regularisation }: GaussianMixtureOptions,
): GaussianMixtureModel {
  const k = memberships.length / rows.rows;
  const counts = new Float64Array(k);
  memberships.forEach((share, at) => (counts[at % k] = (counts[at % k] ?? 0) + share));
  const guarded = counts.map((count) => count + LEAST_WEIGHT);
  const all = guarded.reduce((sum, count) => sum + count, 0);
  const parts = Array.from(guarded, (count, component): Part => ({ rows, memberships, component, k, count }));
  const means = parts.map(meanOf);
  const spreadOf = covariance === 'DIAGONAL' ? variancesOf : covarianceOf;
  return {
    covariance,
    weights: Array.from(guarded, (count) => count / all),
    means: means.map((mean) => [...mean]),
    covariances: parts.map((part, component) => [...spreadOf(part, means[component] ?? new Float64Array(0), regularisation)]),
  };
}

/** One component's share of the rows. */
interface Part {
  readonly rows: RowMatrix;
  readonly memberships: Float64Array;
  readonly component: number;
  readonly k: number;
  readonly count: number;
}

function meanOf({ rows: { rows, columns, values }, memberships, component, k, count }: Part): Float64Array {
  const mean = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    const share = memberships[r * k + component] ?? 0;
    for (let c = 0; c < columns; c++) mean[c] = (mean[c] ?? 0) + share * (values[r * columns + c] ?? 0);
  }
  return mean.map((sum) => sum / count);
}

function variancesOf({ rows: { rows, columns, values }, memberships, component, k, count }: Part, mean: Float64Array, least: number) {
  const variances = new Float64Array(columns);
  for (let r = 0; r < rows; r++) {
    const share = memberships[r * k + component] ?? 0;
    for (let c = 0; c < columns; c++) variances[c] = (variances[c] ?? 0) + share * ((values[r * columns + c] ?? 0) - (mean[c] ?? 0)) ** 2;
  }
  return variances.map((sum) => sum / count + least);
}

function covarianceOf({ rows: { rows, columns: d, values }, memberships, component, k, count }: Part, mean: Float64Array, least: number) {
  const covariance = new Float64Array(d * d);
  const apart = new Float64Array(d);
  for (let r = 0; r < rows; r++) {
    const share = memberships[r * k + component] ?? 0;
    for (let c = 0; c < d; c++) apart[c] = (values[r * d + c] ?? 0) - (mean[c] ?? 0);
    for (let i = 0; i < d; i++) {
      const weighted = share * (apart[i] ?? 0);
      for (let j = 0; j <= i; j++) covariance[i * d + j] = (covariance[i * d + j] ?? 0) + weighted * (apart[j] ?? 0);
    }
  }
  mirrorLower(covariance, d);
  return covariance.map((sum, at) => sum / count + (at % (d + 1) === 0 ? least : 0));
}

function mirrorLower(square: Float64Array, order: number): void {
  for (let i = 0; i < order; i++) for (let j = 0; j < i; j++) square[j * order + i] = square[i * order + j] ?? 0;
}

function freeParameters({ covariance, means }: GaussianMixtureModel): number {
  const k = means.length;
  const d = means[0]?.length ?? 0;
  const perCovariance = covariance === 'DIAGONAL' ? d : (d * (d + 1)) / 2;
  return k * (perCovariance + d) + k - 1;
}

/** Memberships of rows in a fitted mixture. Allocates once, here. */
export interface MixtureAssigner {
  /** The component that the row at `values[offset]` most likely belongs to, the first of equals. */
  assign(values: Float64Array, offset: number): number;
  /** Writes the probability of each component, shape [k]; they sum to 1. @returns the row's log-density, in nats */
  memberships(values: Float64Array, offset: number, out: Float64Array): number;
}

export function assignMixture(model: GaussianMixtureModel): MixtureAssigner {
  const k = model.weights.length;
  const logDensities = compileLogDensities(model);
  const row = new Float64Array(k);
  return {
    assign: (values, offset) => {
      logDensities(values, offset, row);
      let best = 0;
      for (let component = 1; component < k; component++) if ((row[component] ?? 0) > (row[best] ?? 0)) best = component;
      return best;
    },
    memberships: (values, offset, out) => {
      logDensities(values, offset, row);
      const total = logSumExp(row, k);
      for (let component = 0; component < k; component++) out[component] = Math.exp((row[component] ?? 0) - total);
      return total;
    },
  };
}
