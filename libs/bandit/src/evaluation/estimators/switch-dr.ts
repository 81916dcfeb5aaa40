import { tunable } from './estimator';

/**
 * Switch-DR: mean(v + 1[w <= t] w (r - q)). Trusts the model alone where the weight is above t; a weight of exactly t still counts.
 *
 * @see Wang, Agarwal & Dudik, Optimal and Adaptive Off-policy Evaluation in Contextual Bandits, ICML 2017
 */
export const switchDr = tunable({
  name: 'switch_dr',
  usesModel: true,
  range: { min: 0, max: Infinity },
  changedWeight: (weight, threshold) => (weight <= threshold ? weight : 0),
});
