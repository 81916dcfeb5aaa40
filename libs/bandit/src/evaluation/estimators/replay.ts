import { DomainError } from '@vitrine/kernel';
import { meanOf } from '../intervals/moments';
import type { PlainEstimator } from './estimator';

/**
 * Replay: the mean reward of the rounds where a deterministic policy agrees with the log. Unbiased for logs of a uniform policy; else
 * it favours what the logging policy favoured, since it does not weight.
 *
 * `roundTerms` throws NO_OVERLAP where the policy agrees with no round for sure, which a stochastic policy never does.
 *
 * @see Li, Chu, Langford & Wang, Unbiased Offline Evaluation of Contextual-bandit-based News Article Recommendation Algorithms, WSDM 2011
 */
export const replay: PlainEstimator = {
  name: 'replay',
  usesModel: false,
  roundTerms: ({ name, evaluationOfLogged, reward }) => {
    const match = evaluationOfLogged.map((probability) => (probability === 1 ? 1 : 0));
    const matchRate = meanOf(match);
    if (matchRate === 0)
      throw new DomainError('NO_OVERLAP', `case "${name}": replay needs rounds whose logged action the policy takes for sure`, {
        details: { case: name },
      });
    return match.map((matches, i) => (matches * (reward[i] ?? 0)) / matchRate);
  },
};
