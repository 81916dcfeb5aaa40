import { choleskyFactor } from '@vitrine/bandit';
import type { GaussianMixtureModel } from './gaussian-mixture';

const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * Ln of weight times density of every component of a mixture, ready to be evaluated row by row without allocating.
 *
 * @returns writes one number per component for the row that starts at `values[offset]`
 */
export function compileLogDensities(model: GaussianMixtureModel): (values: Float64Array, offset: number, out: Float64Array) => void {
  const components = model.means.map((_, component) => compileComponent(model, component));
  return (values, offset, out) => {
    for (let component = 0; component < components.length; component++) out[component] = components[component]?.(values, offset) ?? 0;
  };
}

type LogDensity = (values: Float64Array, offset: number) => number;

function compileComponent(model: GaussianMixtureModel, component: number): LogDensity {
  const mean = Float64Array.from(model.means[component] ?? []);
  const covariance = Float64Array.from(model.covariances[component] ?? []);
  const base = Math.log(model.weights[component] ?? 0) - 0.5 * mean.length * LOG_TWO_PI;
  return model.covariance === 'DIAGONAL' ? diagonal(mean, covariance, base) : full(mean, covariance, base);
}

function diagonal(mean: Float64Array, variances: Float64Array, base: number): LogDensity {
  const precisions = variances.map((variance) => 1 / variance);
  let logDeterminant = 0;
  for (const variance of variances) logDeterminant += Math.log(variance);
  const head = base - 0.5 * logDeterminant;
  return (values, offset) => {
    let squares = 0;
    for (let c = 0; c < mean.length; c++) squares += ((values[offset + c] ?? 0) - (mean[c] ?? 0)) ** 2 * (precisions[c] ?? 0);
    return head - 0.5 * squares;
  };
}

/** Solves L y = x - mean instead of inverting: the squared length of y is the squared Mahalanobis distance. */
function full(mean: Float64Array, factor: Float64Array, base: number): LogDensity {
  const d = mean.length;
  const head = base - 0.5 * choleskyFactor(factor, d);
  const solved = new Float64Array(d);
  return (values, offset) => {
    let squares = 0;
    for (let i = 0; i < d; i++) {
      let rest = (values[offset + i] ?? 0) - (mean[i] ?? 0);
      for (let k = 0; k < i; k++) rest -= (factor[i * d + k] ?? 0) * (solved[k] ?? 0);
      const y = rest / (factor[i * d + i] ?? 1);
      solved[i] = y;
      squares += y * y;
    }
    return head - 0.5 * squares;
  };
}

/** Ln of the sum of exponentials of the first `count` numbers, without overflow; -Infinity when all are. */
export function logSumExp(values: Float64Array, count: number): number {
  let most = -Infinity;
  for (let i = 0; i < count; i++) most = Math.max(most, values[i] ?? 0);
  if (most === -Infinity) return most;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.exp((values[i] ?? 0) - most);
  return most + Math.log(sum);
}
