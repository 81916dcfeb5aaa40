import { tunable } from './estimator';

/** w / (1 - l + l w): the weighted harmonic mean of w and 1, at most 1 / l. */
export function subGaussianWeight(weight: number, lambda: number): number {
  return weight === 0 ? 0 : weight / (1 - lambda + lambda * weight); // l = 1 would be 0 / 0
}

/**
 * IPS with sub-Gaussian weights: mean(w / (1 - l + l w) r). l = 0 is IPS, l = 1 forgets the weights; in between, errors concentrate as if
 * the weights were bounded, and the change is smooth.
 *
 * @see Metelli, Russo & Restelli, Subgaussian and Differentiable Importance Sampling for Off-Policy Evaluation and Learning, NeurIPS 2021
 */
export const subGaussianIps = tunable({ name: 'sg_ips', usesModel: false, range: { min: 0, max: 1 }, changedWeight: subGaussianWeight });
