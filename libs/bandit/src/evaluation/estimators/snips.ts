import { meanOf } from '../intervals/moments';
import { weightedRewards, type PlainEstimator } from './estimator';

/**
 * Self-normalised IPS: mean(w r) / mean(w). Slightly biased, consistent; adding a constant to all rewards adds it to the value, which
 * stays within their range. The round terms take mean(w) as given, so that intervals over them leave out its own noise: the ratio form of
 * `bootstrapInterval` does not.
 *
 * @see Swaminathan & Joachims, The Self-Normalized Estimator for Counterfactual Learning, NeurIPS 2015
 */
export const snips: PlainEstimator = {
  name: 'snips',
  usesModel: false,
  roundTerms: (rounds) => {
    const meanWeight = meanOf(rounds.weight);
    return weightedRewards(rounds, (weight) => weight / meanWeight);
  },
};
