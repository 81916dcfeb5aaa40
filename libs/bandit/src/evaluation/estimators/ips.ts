import { weightedRewards, type PlainEstimator } from './estimator';

/**
 * Inverse propensity score: mean(w r). Unbiased when the propensities are right and every action that the policy would take could have been
 * logged; its variance grows with the largest weights.
 *
 * @see Horvitz & Thompson, JASA 47 (1952); Precup, Sutton & Singh, ICML 2000
 */
export const ips: PlainEstimator = {
  name: 'ips',
  usesModel: false,
  roundTerms: (rounds) => weightedRewards(rounds, (weight) => weight),
};
