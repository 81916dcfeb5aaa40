import { correctedModel, type PlainEstimator } from './estimator';

/**
 * Doubly robust: mean(v + w (r - q)). Unbiased when the propensities or the model are right; its variance comes from the model's errors
 * rather than from the rewards.
 *
 * @see Dudik, Erhan, Langford & Li, Doubly Robust Policy Evaluation and Optimization, Statistical Science 29 (2014)
 */
export const dr: PlainEstimator = {
  name: 'dr',
  usesModel: true,
  roundTerms: (rounds) => correctedModel(rounds, (weight) => weight),
};
