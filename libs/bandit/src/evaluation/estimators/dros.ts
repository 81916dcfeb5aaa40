import { tunable } from './estimator';

/**
 * Doubly robust with optimistic shrinkage: mean(v + l w / (w^2 + l) (r - q)). Small weights stay, weights far above sqrt(l) fall to 0:
 * the shrinkage that minimises a bound of the mean squared error. l = 0 is the direct method, large l plain DR.
 *
 * @see Su, Dimakopoulou, Krishnamurthy & Dudik, Doubly Robust Off-Policy Evaluation with Shrinkage, ICML 2020
 */
export const dros = tunable({
  name: 'dros',
  usesModel: true,
  range: { min: 0, max: Infinity },
  changedWeight: (weight, lambda) => (weight === 0 ? 0 : (lambda * weight) / (weight * weight + lambda)),
});
