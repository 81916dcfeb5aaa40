import { meanOf } from '../intervals/moments';
import { correctedModel, type PlainEstimator } from './estimator';

/**
 * Self-normalised doubly robust: mean(v + w (r - q) / mean(w)). Only the correction is divided: the model part is no weighted mean.
 *
 * @see Thomas & Brunskill, Data-Efficient Off-Policy Policy Evaluation for Reinforcement Learning, ICML 2016 (weighted doubly robust)
 */
export const sndr: PlainEstimator = {
  name: 'sndr',
  usesModel: true,
  roundTerms: (rounds) => {
    const meanWeight = meanOf(rounds.weight);
    return correctedModel(rounds, (weight) => weight / meanWeight);
  },
};
