import { tunable } from './estimator';
import { subGaussianWeight } from './sub-gaussian-ips';

/**
 * Doubly robust with sub-Gaussian weights: mean(v + w / (1 - l + l w) (r - q)).
 *
 * @see Metelli, Russo & Restelli, Subgaussian and Differentiable Importance Sampling for Off-Policy Evaluation and Learning, NeurIPS 2021
 */
export const subGaussianDr = tunable({ name: 'sg_dr', usesModel: true, range: { min: 0, max: 1 }, changedWeight: subGaussianWeight });
