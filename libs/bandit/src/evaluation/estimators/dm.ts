import { rewardModelOf, type PlainEstimator } from './estimator';

/**
 * Direct method: mean(v), what the reward model expects of the policy. Ignores the logged rewards, so that it has little variance and all
 * of the model's bias; its intervals know nothing of that bias.
 *
 * @see Beygelzimer & Langford, The Offset Tree, KDD 2009
 */
export const dm: PlainEstimator = {
  name: 'dm',
  usesModel: true,
  roundTerms: (rounds) => rewardModelOf(rounds).ofPolicy.slice(),
};
